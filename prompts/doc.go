// Package prompts holds every word that is sent to a language model, embedded
// and versioned, the shape of the answers, and the port through which a model is
// asked. It knows neither vendors nor what the answers are used for.
package prompts
