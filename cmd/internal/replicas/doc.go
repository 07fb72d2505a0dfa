// Package replicas holds only tests: several bots work side by side against a Slack that duplicates, reorders, delays and
// refuses, are restarted one after the other, are all away for a while, and are judged by what people see in the end. It
// must not know how the bot does its work.
package replicas
