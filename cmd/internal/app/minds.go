package app

import (
	"fmt"
	"log/slog"

	"gongdan/cmd/internal/config"
	"gongdan/intents"
	"gongdan/intents/linear"
	"gongdan/prompts"
	"gongdan/prompts/openaimodel"
)

// Classifier makes the classifier that the configuration asks for: rules and the embedded model, and a language model
// where one is set. The shops come with each message.
func Classifier(c config.Config, log *slog.Logger) (*intents.Classifier, error) {
	m, err := linear.Default()
	if err != nil {
		return nil, fmt.Errorf("read the embedded model: %w", err)
	}
	o := intents.Options{Local: intents.Linear(m)}
	if uses, why := c.UsesModel(); uses {
		o.Model = model(c)
	} else {
		log.Info("no language model is asked", "why", why)
	}
	return intents.New(o), nil
}

func model(c config.Config) prompts.Model {
	return openaimodel.New(openaimodel.Options{Key: c.Model.APIKey.Reveal(), BaseURL: c.Model.BaseURL, Model: c.Model.Name})
}
