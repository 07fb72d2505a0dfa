// Package archtest holds the rules of the source tree as tests: who may import whom, which package owns which
// outside library, one package comment each, no hidden clocks, no hidden environment. It owns no code that runs;
// it must not import anything of the project, since it reads every file from disk as text. A new package or a
// new edge between packages is one visible line in table_test.go.
package archtest
