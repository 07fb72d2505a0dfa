package linear

import (
	"bytes"
	_ "embed"
	"sync"
)

//go:generate go run gen.go

//go:embed model.bin
var embedded []byte

var parseEmbedded = sync.OnceValues(func() (*Model, error) { return Read(bytes.NewReader(embedded)) })

// Default returns the model built into the program, trained on the labelled messages of package evals. It is parsed
// once; an error means that the program was built with a damaged model file.
func Default() (*Model, error) { return parseEmbedded() }

// EmbeddedOptions are the options that the embedded model is trained with: all rows but the test rows, calibrated with
// styles of writing left out, in a file small enough to be parsed in about a tenth of a second.
func EmbeddedOptions() Options {
	return Options{Folds: 3, Thesaurus: true, Bayes: true, MaxFeatures: 1 << 17, MaxBytes: 900_000}
}
