// Package sla owns the arithmetic of deadlines: calendars, clocks, ladders, the marks on them and chains of calls. It is pure and
// knows neither tickets nor people; time is always passed in.
package sla
