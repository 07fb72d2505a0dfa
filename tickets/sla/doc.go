// Package sla owns the arithmetic of deadlines: calendars, clocks, ladders and the marks on them. It is pure and
// knows neither tickets nor people; time is always passed in.
package sla
