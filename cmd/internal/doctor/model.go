package doctor

import (
	"context"
	"errors"

	"gongdan/cmd/internal/app"
	"gongdan/prompts"
	"gongdan/prompts/openaimodel"
)

// model asks the language model the question that it will be asked in service, about a message of nobody's.
func (x *examination) model(ctx context.Context) {
	const check = "model"
	c := x.o.Config
	if uses, why := c.UsesModel(); !uses {
		x.ok(check, "none is asked (%s): local decisions only", why)
		return
	}
	o := app.ModelOptions(c)
	if !o.ThisMachine {
		o.Client = x.o.HTTP
	}
	m := openaimodel.New(o)
	began := x.o.Now()
	ask := prompts.Classify(prompts.Question{Lang: "en", Messages: []string{"What is for lunch?"}})
	_, err := m.Complete(ctx, ask)
	took := x.o.Now().Sub(began)
	switch {
	case errors.Is(err, prompts.ErrInvalid):
		x.warn(check, "answers, but not in the shape asked for: "+err.Error(), "Choose another OPENAI_MODEL; until then local decisions are taken.")
	case err != nil:
		x.warn(check, "does not answer: "+err.Error(), "Check OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL; until then local decisions are taken.")
	default:
		x.ok(check, "%s answers in %d ms, asked by %s", c.Model.Name, took.Milliseconds(), m.Mode(ask.Prompt))
	}
}
