// Package evals measures a text classifier on labelled rows: it reads rows, computes accuracy, calibration, separation
// from out-of-scope texts and speed, and keeps the labelled messages that the embedded model is trained on in testdata.
// It must not know what the labels mean or how a classifier works.
package evals
