package tickets

// TypeInfo is one type of ticket as the rules of a workspace know it.
type TypeInfo struct {
	Name     Type
	Category string
	// Severity is that of a ticket of which nothing else is known.
	Severity Severity
	// Labels are what people call it, by language (zh-CN, en); without one, the conversation's own name for it counts.
	Labels map[string]string
	// Words suggest the type: a message that holds one is about it.
	Words []string
}
