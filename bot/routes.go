package bot

// Route is one thing that people can set off: a slash command or an element to press. Reads are answered by whoever received
// them; the rest is kept first.
type Route struct {
	Kind EnvelopeKind
	Name string // of the command, or the element's id
	Read bool
}

// Command is the bot's slash command.
const Command = "/ticket"

// Routes are all that the conversation reacts to beside messages. What is not here does nothing.
func Routes() []Route {
	out := []Route{{Kind: KindCommand, Name: Command}}
	for _, id := range []string{ActClaim, ActAnswer, ActWait, ActWaitFor, ActResume, ActResolve, ActResolveForm, ActTransfer, ActAssignTo,
		ActMore, ActMoreDo, ActList, ActAck, ActClose, ActReopen, ActMake, ActMakeNot, ActAddTo, ActSplitOff, ActTypeTo, ActNumberTo, ActWhyMessage} {
		out = append(out, Route{Kind: KindAction, Name: id, Read: readPresses[id]})
	}
	for _, id := range []string{ActMakeMessage, ActWhyMessage} {
		out = append(out, Route{Kind: KindShortcut, Name: id, Read: readPresses[id]})
	}
	return out
}
