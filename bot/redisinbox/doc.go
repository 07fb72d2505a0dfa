// Package redisinbox keeps what has been received until it has taken effect: a stream per shard in Redis,
// with duplicates dropped, tries counted and hopeless entries set aside. It must not know what an entry
// means, nor who reads it beyond the lease's epoch.
package redisinbox
