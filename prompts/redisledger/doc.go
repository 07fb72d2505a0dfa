// Package redisledger keeps in Redis how many tokens of a language model each
// account has used on a day: one counter a day, shared by all replicas.
package redisledger
