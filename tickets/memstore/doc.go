// Package memstore keeps tickets in the memory of one process, with the same promises as the store on
// Redis except that nothing outlives the process. It serves tests and embedding. It must not know Redis.
package memstore
