package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"text/tabwriter"

	"gongdan/cmd/internal/config"
	"gongdan/intents/evals"
	"gongdan/intents/linear"
)

type trainCmd struct {
	Data string `arg:"" help:"Labelled rows, one JSON object a line: {\"text\",\"label\",\"split\"?}."`
	Out  string `short:"o" required:"" help:"Where the model goes." placeholder:"FILE"`
}

// Help is the longer text of --help.
func (trainCmd) Help() string {
	return `Trains on the rows of split "train" or none, calibrates on "val" (else on a fixed tenth). The label "oos" means
out of scope. Example:

  cat intents/evals/testdata/*.jsonl > rows.jsonl && gongdan train rows.jsonl -o rows.model`
}

func (c *trainCmd) Run(r *run) error {
	rows, err := readRows(c.Data)
	if err != nil {
		return &exitError{2, err}
	}
	m, err := linear.Train(rows, linear.Options{})
	if err != nil {
		return &exitError{2, fmt.Errorf("train on %s: %w", c.Data, err)}
	}
	f, err := os.Create(c.Out)
	if err != nil {
		return &exitError{2, err}
	}
	n, err := m.WriteTo(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", c.Out, err)
	}
	_, err = fmt.Fprintf(r.stdout, "%d rows, %d labels, %d bytes: %s\n", len(rows), len(m.Labels()), n, c.Out)
	return err
}

type evalCmd struct {
	Data  string `arg:"" help:"Labelled rows, one JSON object a line."`
	Model string `help:"A model made by train; without it the one in the program." placeholder:"FILE"`
	JSON  bool   `help:"Print a JSON object, on one line."`
	Plot  string `help:"Write how well the probabilities hold as a picture (SVG)." placeholder:"FILE"`
}

// Help is the longer text of --help.
func (evalCmd) Help() string {
	return `Measures on the rows of split "test" or none. Example:

  gongdan eval rows.jsonl --model rows.model --plot calibration.svg

Without --model the model in the program is measured.`
}

func (c *evalCmd) Run(r *run) error {
	rows, err := readRows(c.Data)
	if err != nil {
		return &exitError{2, err}
	}
	m, err := c.model()
	if err != nil {
		return &exitError{2, err}
	}
	res := evals.Evaluate(m, rows)
	if err := c.plot(res); err != nil {
		return &exitError{2, err}
	}
	if c.JSON {
		return json.NewEncoder(r.stdout).Encode(res)
	}
	return printResult(r.stdout, res)
}

func (c *evalCmd) model() (*linear.Model, error) {
	if c.Model == "" {
		return linear.Default()
	}
	f, err := os.Open(c.Model)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	m, err := linear.Read(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("read model %s: %w", c.Model, err)
	}
	return m, nil
}

func (c *evalCmd) plot(res evals.Result) error {
	if c.Plot == "" {
		return nil
	}
	f, err := os.Create(c.Plot)
	if err != nil {
		return err
	}
	err = res.Plot(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// confusions is how many of the most frequent mistakes are shown.
const confusions = 10

// printResult shows what was measured as tables: the whole, each label, the most frequent mistakes.
func printResult(out io.Writer, res evals.Result) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(format string, v ...any) { _, _ = fmt.Fprintf(w, format+"\n", v...) } // a writer of columns fails at its end
	row("rows\t%d", res.N)
	row("accuracy\t%.1f %%", 100*res.Accuracy)
	row("calibration error\t%.3f", res.ECE)
	if res.OOSAUROC != nil {
		row("out of scope, AUROC\t%.3f", *res.OOSAUROC)
	}
	row("a prediction\t%.1f µs", res.Microsec)
	row("\nLABEL\tROWS\tPRECISION\tRECALL")
	for _, label := range slices.Sorted(maps.Keys(res.PerLabel)) {
		l := res.PerLabel[label]
		row("%s\t%d\t%.1f %%\t%.1f %%", label, l.N, 100*l.Precision, 100*l.Recall)
	}
	if len(res.Confusions) > 0 {
		row("\nLABEL\tTAKEN FOR\tTIMES")
	}
	for _, c := range res.Confusions[:min(confusions, len(res.Confusions))] {
		row("%s\t%s\t%d", c.Want, c.Got, c.N)
	}
	return w.Flush()
}

func readRows(path string) ([]linear.Row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	rows, err := evals.ReadRows(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return rows, nil
}

// quiet keeps a command's own log lines out of the way of its output.
func quiet(c config.Config) config.Config {
	c.Log.Level = slog.LevelWarn
	return c
}
