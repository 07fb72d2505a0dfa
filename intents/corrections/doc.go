// Package corrections keeps what people say that a message is, where the program saw it otherwise, and makes of it the
// model of one workspace: it decides what is kept and for how long, which model is tried, taken and taken back. It reads
// and plans documents through a port and writes nothing itself; it knows neither chats nor tickets nor Redis.
package corrections
