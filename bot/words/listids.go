package words

// Lists.
const (
	ListMine          ID = "list.mine"
	ListAll           ID = "list.all"
	ListMerchant      ID = "list.merchant"
	ListUrgent        ID = "list.urgent"
	ListBoth          ID = "list.both"
	ListFirst         ID = "list.first"
	ListMeant         ID = "list.meant"
	ListNewest        ID = "list.newest"
	ListEmptyMine     ID = "list.empty_mine"
	ListEmptyAll      ID = "list.empty_all"
	ListEmptyMerchant ID = "list.empty_merchant"
	ListFooter        ID = "list.footer"
	ListMore          ID = "list.more"
	ListPlatformDue   ID = "list.platform_due"
	ListTeamDue       ID = "list.team_due"
	ListPromised      ID = "list.promised"
	ListOrder         ID = "list.order"
)
