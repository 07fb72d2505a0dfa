// Package typed reads what people type as commands: the text of slash commands and bare words in a ticket's thread,
// in Chinese and English, forgiving about width, case and order. It is pure and knows neither tickets nor people:
// whether a command makes sense is for others to say.
package typed
