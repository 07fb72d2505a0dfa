package typed

import "regexp"

// dayWords are what names the day of a moment.
var dayWords = regexp.MustCompile(`[今明后昨周日号月]|前天|星期|礼拜|today|tomorrow|tonight|yesterday|this|last|next` +
	`|\b(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|[0-9]{4}|[0-9][-/][0-9]`)

// NamesDay tells whether words for a moment name its day. A time of day alone (10:00, 晚上八点) may be any day's.
func NamesDay(words string) bool { return dayWords.MatchString(Fold(words)) }
