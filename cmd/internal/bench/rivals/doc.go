// Command rivals measures libraries that do what this product does for itself, beside it in the same run: reminders by
// hibiken/asynq on the same Redis, and business hours by rickar/cal (go test -bench Calendar). It is a module of its
// own so that neither is a dependency of the product; after an upgrade there, `go get .` here brings its sums.
package main
