//go:build ignore

// Gen trains the embedded model from the labelled messages and writes model.bin. Run it by go generate.
package main

import (
	"log"
	"os"

	"gongdan/intents/evals"
	"gongdan/intents/linear"
)

func main() {
	rows, err := evals.ReadDir("../evals/testdata")
	if err != nil {
		log.Fatal(err)
	}
	m, err := linear.Train(rows, linear.EmbeddedOptions())
	if err != nil {
		log.Fatal(err)
	}
	f, err := os.Create("model.bin")
	if err != nil {
		log.Fatal(err)
	}
	n, err := m.WriteTo(f)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
	log.Printf("model.bin: %d rows, %d labels, %d bytes", len(rows), len(m.Labels()), n)
}
