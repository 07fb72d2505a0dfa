// Package redisstore keeps tickets in Redis. It owns the form in which documents, indexes, timelines,
// wakes, outbox and feed are stored, and writes only by one script that checks everything before its first
// write. It must not know what a ticket's fields mean, nor who owns a shard beyond the lease's epoch.
package redisstore
