// Package words owns every sentence that people read: the message catalogue, one file per language, and the names
// of things in each. It knows nothing of tickets or chats: callers pass values as text, already shortened. A value
// is never read as a template, so hostile text in it stays text.
package words
