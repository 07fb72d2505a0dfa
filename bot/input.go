package bot

import "gongdan/tickets"

// input decides what one input means. What nobody needs to act on is consumed without a trace.
func (t *turn) input(in Input) error {
	switch {
	case in.Message != nil:
		return t.message(*in.Message)
	case in.Edit != nil:
		return t.edit(*in.Edit)
	case in.Delete != nil:
		return t.deleted(*in.Delete)
	case in.Click != nil:
		return t.click(*in.Click)
	case in.Command != nil:
		return t.slash(*in.Command)
	case in.Joined != nil:
		return t.joined(*in.Joined)
	case in.Form != nil:
		return t.form(*in.Form)
	case in.Thought != nil:
		return t.thought(*in.Thought)
	}
	return nil
}

// LaneOf names the lane in which an input is handled: a thread's messages keep their order, and so do one author's
// messages in a channel. Presses and commands follow their own person only: the version check guards them.
func LaneOf(in Input) string {
	switch {
	case in.Message != nil:
		return messageLane(in.Message.Channel, in.Message.Thread, in.Message.Author)
	case in.Edit != nil:
		return messageLane(in.Edit.Message.Channel, in.Edit.Message.Thread, in.Edit.Message.Author)
	case in.Delete != nil:
		return messageLane(in.Delete.Channel, in.Delete.Thread, in.Delete.Author)
	case in.Click != nil:
		return "user:" + string(in.Click.User)
	case in.Command != nil:
		return "user:" + string(in.Command.User)
	case in.Form != nil:
		return "user:" + string(in.Form.User)
	case in.Thought != nil:
		return messageLane(in.Thought.Message.Channel, in.Thought.Message.Thread, in.Thought.Message.Author)
	}
	return "rest"
}

func messageLane(ch tickets.ChannelID, thread string, author tickets.UserID) string {
	if thread != "" {
		return "thread:" + string(ch) + "/" + thread
	}
	return "author:" + string(ch) + "/" + string(author)
}
