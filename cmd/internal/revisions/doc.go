// Package revisions owns the way from the team file to the rules in force: it watches the file, decides what becomes the next
// numbered revision of a workspace's rules, and serves the newest published one from memory. It must not know what rules mean,
// and it writes nothing itself: the owner of a workspace's shard commits the documents that it makes.
package revisions
