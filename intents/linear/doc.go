// Package linear is a small text classifier that needs nothing but the standard library: hashed word and character
// n-grams, one linear support vector machine per label, naive Bayes beside it if asked for, and probabilities calibrated
// on held-out rows. It is made for short chat messages in Chinese and English mixed, predicts in some ten microseconds and
// stores a model in less than a megabyte.
//
// The package owns feature extraction, training, the model file and prediction. It must not know what its labels mean,
// where rows come from, or what is done with a prediction; the one label with a meaning here is OutOfScope.
package linear
