package teamfile

// The form of the file. The struct tags are the one description of every key: strictyaml reads by them, and the JSON
// Schema is made of them.

// form is a whole file.
type form struct {
	Zone          string              `yaml:"zone" desc:"The time zone by its IANA name, for calendars that name none. Default Asia/Shanghai."`
	Calendar      string              `yaml:"calendar" desc:"The calendar that counts for clocks and shops which name none. Default: 09:00-21:00 every day."`
	Calendars     map[string]calendar `yaml:"calendars" desc:"Handling hours by name."`
	Policies      []policy            `yaml:"policies" desc:"Your own rules, in order: the first that matches a ticket sets its clocks. The built-in presets come after them."`
	Types         []ticketType        `yaml:"types" desc:"Types of ticket of your own, and what is to be different about the built-in ones."`
	Shops         []shop              `yaml:"shops" desc:"The shops you work for."`
	People        []person            `yaml:"people" desc:"The people whose role does not follow from their membership in Slack."`
	Relays        []relay             `yaml:"relays" desc:"Bots that bring a marketplace's notices into Slack: what they post is read as that marketplace's tickets. All other bots are ignored."`
	Escalation    string              `yaml:"escalation" desc:"Who leads: gets escalations of every level where no levels are named, and is told of a wrong file. A user id, or a name of somebody under people. Default: the first person under levels, else the workspace's first admin."`
	Levels        []level             `yaml:"levels" desc:"Who gets escalations, level 1 first. A call goes to one level at a time; each level that nobody answers hands on to the next."`
	Times         times               `yaml:"times" desc:"How long things wait."`
	Understanding mode                `yaml:"understanding" desc:"How ready the bot is to make tickets by itself: careful where the type is nearly always right, asking about the rest; eager makes more and asks less. Default: UNDERSTANDING."`
	Model         model               `yaml:"model" desc:"Which models understand messages: where a language model may be asked, if one is configured, and whether the workspace gets a local one of its own."`
}

// model limits the use of models.
type model struct {
	Off         bool      `yaml:"off" desc:"true: no message of the workspace is shown to a model."`
	OffIn       []channel `yaml:"off_in" desc:"The Slack channels of which no message is shown to a model."`
	DailyTokens *int      `yaml:"daily_tokens" desc:"How many tokens the model may use for the workspace in a day of the file's zone; 0 is no limit. Default: OPENAI_DAILY_TOKENS." min:"0" max:"1000000000"`
	Own         *bool     `yaml:"own" desc:"false: messages are read by the built-in local model, whatever people correct. Default true: the workspace gets one of its own as soon as that is better."`
}

// calendar is handling hours.
type calendar struct {
	Zone     string           `yaml:"zone" desc:"The time zone of the hours by its IANA name. Default: the file's."`
	Hours    hours            `yaml:"hours" desc:"The hours of the week." required:"true"`
	Holidays []holiday        `yaml:"holidays" desc:"Days on which no hours begin; china stands for the public holidays announced by the State Council, with their make-up days."`
	Makeup   map[date]weekday `yaml:"makeup" desc:"Days that work like another weekday, even on a holiday (调休)."`
	Special  map[date]windows `yaml:"special" desc:"The hours of single days, in place of the week's and of everything else; [] is closed."`
	Breaks   map[date]windows `yaml:"breaks" desc:"What is cut out of the hours of single days."`
	Overlays []overlay        `yaml:"overlays" desc:"What holds for a while and ends by itself, such as 618, 双11 or 春节. Of two, the later in the list wins."`
}

// hours are windows by weekday; the more particular key wins.
type hours struct {
	Daily  windows `yaml:"daily" desc:"Every day that no other key names."`
	MonFri windows `yaml:"mon-fri" desc:"Monday to Friday."`
	SatSun windows `yaml:"sat-sun" desc:"Saturday and Sunday."`
	Mon    windows `yaml:"mon" desc:"Monday; [] is closed."`
	Tue    windows `yaml:"tue" desc:"Tuesday; [] is closed."`
	Wed    windows `yaml:"wed" desc:"Wednesday; [] is closed."`
	Thu    windows `yaml:"thu" desc:"Thursday; [] is closed."`
	Fri    windows `yaml:"fri" desc:"Friday; [] is closed."`
	Sat    windows `yaml:"sat" desc:"Saturday; [] is closed."`
	Sun    windows `yaml:"sun" desc:"Sunday; [] is closed."`
}

// overlay changes a calendar between two dates.
type overlay struct {
	Name   string    `yaml:"name" desc:"What people call it: 双11." required:"true"`
	From   date      `yaml:"from" desc:"The first day." required:"true"`
	To     date      `yaml:"to" desc:"The last day." required:"true"`
	Hours  *hours    `yaml:"hours" desc:"The hours of these days, even on holidays; a weekday without any is closed."`
	Marks  kindMarks `yaml:"marks" desc:"The marks of the clocks that follow this calendar, during these days."`
	People []string  `yaml:"people" desc:"Who reinforces the team: user ids, or names under people. Checked and kept, not used yet."`
}

// kindMarks is marks by clock.
type kindMarks struct {
	Platform      *marks `yaml:"platform" desc:"Marks of the marketplace's clock."`
	FirstResponse *marks `yaml:"first_response" desc:"Marks of the first response."`
	NextResponse  *marks `yaml:"next_response" desc:"Marks of the next response."`
	Resolution    *marks `yaml:"resolution" desc:"Marks of the resolution."`
	NextUpdate    *marks `yaml:"next_update" desc:"Marks of the next update."`
}

// policy is one rule.
type policy struct {
	Name        string       `yaml:"name" desc:"Its name, which no other policy or preset has." required:"true"`
	Match       match        `yaml:"match" desc:"Which tickets it binds; a key that is left out matches all. With a preset, a key here replaces that of the preset."`
	Preset      presetName   `yaml:"preset" desc:"The built-in preset that the policy begins with; what is written here replaces it field by field."`
	Clocks      clocks       `yaml:"clocks" desc:"The clocks of its tickets."`
	Counts      *bool        `yaml:"counts" desc:"Whether its tickets count in the marketplace's 24-hour completion rate."`
	Consequence *consequence `yaml:"consequence" desc:"What a missed platform deadline may cost, in words."`
}

// match limits a policy.
type match struct {
	Origin   []origin   `yaml:"origin" desc:"platform: sent by the marketplace; provider: by a service provider; internal: opened by the team."`
	Platform []platform `yaml:"platform" desc:"The marketplace; douyin and doudian are the same."`
	Shop     []string   `yaml:"shop" desc:"Names or aliases under shops."`
	Type     []typeName `yaml:"type" desc:"The type of ticket, built in or under types."`
	Severity []severity `yaml:"severity" desc:"How urgent it is."`
	Tag      []string   `yaml:"tag" desc:"Tags of the ticket, such as VIP; one of them is enough."`
	Source   []string   `yaml:"source" desc:"Where the ticket came from, such as message or command."`
}

// clocks is the clocks of a policy.
type clocks struct {
	Platform      *clock `yaml:"platform" desc:"What the marketplace counts, from the platform's creation time. Only for origin platform and provider."`
	FirstResponse *clock `yaml:"first_response" desc:"Until somebody of the team answers for the first time."`
	NextResponse  *clock `yaml:"next_response" desc:"Until the team answers what the customer's side said last."`
	Resolution    *clock `yaml:"resolution" desc:"Until the ticket is resolved."`
	NextUpdate    *clock `yaml:"next_update" desc:"Until the team next says something by itself."`
}

// clock is one deadline.
type clock struct {
	Clock    clockWord `yaml:"clock" desc:"How time counts. calendar: every second. working: only handling hours. deferred: as calendar, with what lies beyond a closing moved to the next opening."`
	Calendar string    `yaml:"calendar" desc:"The handling hours, by the name of a calendar. A shop's own calendar comes before it for the team's clocks."`
	Duration *duration `yaml:"duration" desc:"How long it runs."`
	PauseOn  []party   `yaml:"pause_on" desc:"Whom the ticket waits for while the clock pauses; needs_info is a ticket that was sent back. A platform clock never pauses."`
	Marks    *marks    `yaml:"marks" desc:"When somebody is told. At the deadline somebody always is."`
	Off      bool      `yaml:"off" desc:"true takes away this clock of the preset."`
}

// marks are when somebody is told.
type marks struct {
	Before   []lead `yaml:"before" desc:"How long before the deadline, or after which part of the duration."`
	After    *after `yaml:"after" desc:"After the deadline, until somebody says to be on it."`
	Escalate []call `yaml:"escalate" desc:"When the next level is called."`
}

// after is repetition.
type after struct {
	Every duration `yaml:"every" desc:"The pause between two." required:"true"`
	Times int      `yaml:"times" desc:"How many times; 0 is none." required:"true" min:"0" max:"50"`
}

// level is one level of escalation.
type level struct {
	Call  string    `yaml:"call" desc:"Who is called: a name under people, a user id, or the id of a channel, in which nobody is called by name." required:"true"`
	Wait  *duration `yaml:"wait" desc:"How long a call waits for 我来跟进, in the hours in which people are there, before the next level is called. Without it only the marks of policies call."`
	Times int       `yaml:"times" desc:"How often this level is called, with wait between two calls, before the next one is. Default 1." min:"1" max:"10"`
}

// call is one escalation: at the deadline unless it says before, after or unclaimed.
type call struct {
	Level     int       `yaml:"level" desc:"Which level is called: 1, the default, is the first." min:"1" max:"9"`
	Before    *duration `yaml:"before" desc:"How long before the deadline."`
	After     *duration `yaml:"after" desc:"How long after the deadline."`
	Unclaimed *duration `yaml:"unclaimed" desc:"How long after the beginning, in the hours in which people are there, if nobody has claimed the ticket by then."`
}

// consequence is one text in each language.
type consequence struct {
	Zh string `yaml:"zh" desc:"In Chinese." max:"300"`
	En string `yaml:"en" desc:"In English." max:"300"`
}

// ticketType is a type of ticket: one of one's own, or a built-in one that is called, weighed or found differently.
type ticketType struct {
	Name     typeName `yaml:"name" desc:"Its name in data; that of a built-in type changes that one." required:"true"`
	Zh       string   `yaml:"zh" desc:"What people call it in Chinese." max:"40"`
	En       string   `yaml:"en" desc:"What people call it in English." max:"40"`
	Category category `yaml:"category" desc:"What it belongs to. Default other."`
	Severity severity `yaml:"severity" desc:"How urgent a ticket is of which nothing else is said. Default normal."`
	Words    []string `yaml:"words" desc:"Words that suggest it: a message that holds one becomes a ticket of this type, whatever the classifier thinks. The longest word wins." max:"40"`
	Hide     bool     `yaml:"hide" desc:"true takes a built-in type out of the choices; tickets that have it keep it."`
}

// shop is a shop that the team works for.
type shop struct {
	Name     string    `yaml:"name" desc:"Its full name, as on the marketplace." required:"true"`
	Aliases  []string  `yaml:"aliases" desc:"What people call it."`
	Platform platform  `yaml:"platform" desc:"The marketplace."`
	Channels []channel `yaml:"channels" desc:"The Slack channels that belong to it alone."`
	Calendar string    `yaml:"calendar" desc:"Its own handling hours, by the name of a calendar; the team's clocks of its tickets count by them."`
}

// person is one entry of the roster.
type person struct {
	ID    user     `yaml:"id" desc:"The Slack user id." required:"true"`
	Names []string `yaml:"names" desc:"What colleagues call them: 小李. The first is shown."`
	Role  role     `yaml:"role" desc:"merchant: sees the tickets of own shops; agent; supervisor; admin. Default agent."`
	Shops []string `yaml:"shops" desc:"A merchant's own shops, by names or aliases under shops."`
}

// relay is a bot whose messages are a marketplace's notices.
type relay struct {
	Bot      string   `yaml:"bot" desc:"The bot's id, such as B0AB12CD3, or the name under which it posts. Any app can take any name, so prefer the id." required:"true"`
	Platform platform `yaml:"platform" desc:"The marketplace whose notices it brings." required:"true"`
	Shop     string   `yaml:"shop" desc:"The shop that they are about, by its name or an alias, where they do not say so themselves."`
}

// times are how long things wait; never and 0s switch off.
type times struct {
	AutoClose    *span `yaml:"auto_close" desc:"How long a resolved ticket stays quiet before it closes. Default 3d."`
	ReopenFor    *span `yaml:"reopen_for" desc:"How long a closed ticket can be reopened. Default 7d."`
	ArchiveAfter *span `yaml:"archive_after" desc:"How long after closing a ticket is archived. Default 30d."`
	UrgeEvery    *span `yaml:"urge_every" desc:"The shortest time between two urges of one ticket. Default 15m."`
	AckLapse     *span `yaml:"ack_lapse" desc:"How long 我来跟进 counts without a further act by whoever said it."`
	Quiet        *span `yaml:"quiet" desc:"How long after the assignee's last word on a ticket its reminders are left out."`
	MergeWithin  *span `yaml:"merge_within" desc:"How close the marks of one ticket must lie to be one ping. Default 10m."`
	ShiftLead    *span `yaml:"shift_lead" desc:"How long before the end of handling hours a mark is said that would fall after them. Default 30m."`
}
