// Package redisshard owns how the key space in Redis is cut into shards and who may write to each.
//
// A shard's keys share one hash tag, so that a script over them runs on Redis Cluster. A shard has one
// owner at a time, told apart from earlier ones by an epoch that every write presents. The package also
// knows how scripts are run and how Redis' errors are translated. It must not know what is stored.
package redisshard
