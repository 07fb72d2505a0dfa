// Command gongdan is the bot and everything around it: serving, trying it out, looking after it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // the container image holds no zone files

	"github.com/alecthomas/kong"
)

// cli is the command line. Every command has a Run method that takes *run.
type cli struct {
	Serve       serveCmd       `cmd:"" help:"Run the bot."`
	Demo        demoCmd        `cmd:"" help:"Try it: no key, no account, no network."`
	Doctor      doctorCmd      `cmd:"" help:"Check tokens, Redis, tickets and clocks; say what to do."`
	Inbox       inboxCmd       `cmd:"" help:"List and replay deliveries that could not be applied."`
	Manifest    manifestCmd    `cmd:"" help:"Print the manifest to create the Slack app from."`
	Parse       parseCmd       `cmd:"" help:"Classify messages from standard input, one JSON object a line."`
	Train       trainCmd       `cmd:"" help:"Train a classifier from labelled rows."`
	Eval        evalCmd        `cmd:"" help:"Measure a classifier on labelled rows."`
	Corrections correctionsCmd `cmd:"" help:"What people have corrected, as labelled rows."`
	SLA         slaCmd         `cmd:"" name:"sla" help:"Compute deadlines and handling hours, one JSON object a line."`
	Team        teamCmd        `cmd:"" help:"Check and explain the rules of a team file."`
	Bench       benchCmd       `cmd:"" help:"Measure intake, commits and timers."`
	Healthcheck healthcheckCmd `cmd:"" help:"Ask a running bot whether it is alive; for containers."`
	Version     versionCmd     `cmd:"" help:"Print the version."`
	DemoBot     demoBotCmd     `cmd:"" hidden:"" help:"The bot of a demonstration, run as its child process."`
	Chaos       chaosCmd       `cmd:"" hidden:"" help:"Kill the bot under load and check what became of everything."`
}

// run is what commands may use of the world.
type run struct {
	ctx    context.Context
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

// exitError ends the program with a code of its own, after its text was printed, if it has any.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(&run{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}, os.Args[1:])
	stop()
	os.Exit(code)
}

// execute carries out one command line and returns the exit code: 0 done, 1 done and the answer is no, 2 wrong usage or settings.
func execute(r *run, args []string) int {
	var c cli
	code := -1
	parser, err := kong.New(&c, kong.Name("gongdan"), kong.Writers(r.stdout, r.stderr), kong.Exit(func(n int) { code = n }),
		kong.Description("Messages in Slack become tickets that cannot silently miss a deadline."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.UsageOnError())
	if err != nil {
		_, _ = fmt.Fprintln(r.stderr, err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if code >= 0 {
		return code
	}
	if err != nil {
		_, _ = fmt.Fprintf(r.stderr, "gongdan: %v\nTry '%s --help'.\n", err, asked(err))
		return 2
	}
	return exitCode(r, k.Run(r))
}

// asked is the command that a line of wrong usage was for, as far as it names one.
func asked(err error) string {
	words := []string{"gongdan"}
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context != nil {
		for _, p := range wrong.Context.Path {
			if p.Command != nil {
				words = append(words, p.Command.Name)
			}
		}
	}
	return strings.Join(words, " ")
}

func exitCode(r *run, err error) int {
	if err == nil {
		return 0
	}
	if text := err.Error(); text != "" {
		_, _ = fmt.Fprintf(r.stderr, "gongdan: %s\n", text)
	}
	var e *exitError
	if errors.As(err, &e) {
		return e.code
	}
	return 1
}
