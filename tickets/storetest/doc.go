// Package storetest owns what every store of tickets must do, as one suite of tests that each store runs,
// and starts the Redis servers that tests need. It must not know any store's own form.
package storetest
