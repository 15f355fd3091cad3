// SPDX-License-Identifier: MPL-2.0

package main

// mechanism is a piece of code that one of the provider's promises depends on, and the
// tests that fail without it.
type mechanism struct {
	name string
	// In file, replacing code by without disables the mechanism.
	file, code, without string
	// tests is the argument of go test -run, for the package in folder.
	folder, tests string
}

const (
	client   = "./internal/avara"
	provider = "./internal/provider"
	lean     = "./internal/leanserver"
)

var mechanisms = []mechanism{
	{
		name: "a create whose answer is lost is looked for before it is sent again",
		file: "internal/avara/creates.go", code: "object, doubt := n.find(ctx, c, began, o)", without: `object, doubt := (*T)(nil), began.String()[:0]`,
		folder: provider, tests: "TestAccLostAnswers_everyFifthWrite",
	},
	{
		name: "the same, of ten twins",
		file: "internal/avara/creates.go", code: "object, doubt := n.find(ctx, c, began, o)", without: `object, doubt := (*T)(nil), began.String()[:0]`,
		folder: provider, tests: "TestAccLostAnswers_twins",
	},
	{
		name: "what one create has made is not adopted by another",
		file: "internal/avara/account.go", code: "return a.owned[id]", without: "return false",
		folder: client, tests: "TestTenIdenticalCreatesThatLoseTheirAnswersMakeTenCustomers",
	},
	{
		name: "creates of twins go one after the other",
		file: "internal/avara/account.go", code: "a.turns.LoadOrStore(group, newTurn())", without: "a.turns.LoadOrStore(newTurn(), newTurn())",
		folder: client, tests: "TestALostCreateDoesNotTakeWhatItsTwinIsAboutToGet",
	},
	{
		name: "what was there before a create did not come of it",
		file: "internal/avara/creates.go", code: "case s.account.claimed(id), age == madeBefore:", without: "case s.account.claimed(id):",
		folder: client, tests: "TestAnObjectIsDatedByTheClockOfTheAPI",
	},
	{
		name: "what may have been there before is not taken",
		file: "internal/avara/creates.go", code: "case !exact, age == maybeBefore:", without: "case !exact:",
		folder: client, tests: "TestALostCreateDoesNotTakeWhatAnEarlierApplyMade",
	},
	{
		name: "a change whose answer is lost is sent again only if it was not made",
		file: "internal/avara/send.go", code: "if op.look != nil && o.sent {", without: "if op.look != nil && o.sent && op.outlives {",
		folder: client, tests: "TestChangesAreRepeatedOnlyAfterALook",
	},
	{
		name: "look-ups share a walk through the list",
		file: "internal/avara/search.go", code: "if s.scan == nil || s.scan.writes != c.writes.Load() ||", without: "if true || s.scan == nil || s.scan.writes != c.writes.Load() ||",
		folder: provider, tests: "TestExpressCustomerDataShareAWalk",
	},
	{
		name: "a look-up after a write walks again",
		file: "internal/avara/search.go", code: "s.scan.writes != c.writes.Load() ||", without: "",
		folder: provider, tests: "TestExpressCustomerDataShareAWalk",
	},
	{
		name: "a name that must be new is claimed by its create",
		file: "internal/provider/customer_names.go", code: "n.holders[key] = []nameHolder{{}}", without: "_ = key",
		folder: provider, tests: "TestPreventDuplicateNamesOfOneRun",
	},
	{
		name: "an absent userCount is not zero",
		file: "internal/avara/express_customers.go", code: "customer.UserCount = UnknownCount", without: "",
		folder: provider, tests: "TestDialects/membership/user-count-absent",
	},
	{
		name: "what fails with 503 is sent again",
		file: "internal/avara/outcome.go", code: "return status == http.StatusRequestTimeout || status >= 500", without: "return status == http.StatusRequestTimeout",
		folder: provider, tests: "TestStoriesUnderFaults",
	},
	{
		name: "after a 429 the gate holds all requests",
		file: "internal/avara/gate.go", code: "resume.After(g.until)", without: "resume.After(resume)",
		folder: client, tests: "TestALongWaitBindsTheOperationThatWasTold",
	},
	{
		name: "after a 429 requests go at the pace of the API",
		file: "internal/avara/gate.go", code: "g.pace.rejected(v.left)", without: "_ = v.left",
		folder: client, tests: "TestThePaceOfTheAPIIsFound",
	},
	{
		name: "the pace keeps 429s few in Terraform",
		file: "internal/avara/gate.go", code: "g.pace.rejected(v.left)", without: "_ = v.left",
		folder: provider, tests: "TestAccRateLimit",
	},
	{
		name: "a create that is under way outlives an interruption",
		file: "internal/avara/send.go", code: "graceAfterCancel = 10 * time.Second", without: "graceAfterCancel = 0 * time.Second",
		folder: provider, tests: "TestAccExpressCustomer_createInterrupted",
	},
	{
		name: "after a kill, a user who is a member already is not an error",
		file: "internal/avara/express_customer_users.go", code: "case err == nil, saysMember(err):", without: "case err == nil:",
		folder: provider, tests: "TestAccKilled/membership",
	},
	{
		name: "after a kill, a conflict is not a transient failure",
		file: "internal/avara/outcome.go", code: "return status == http.StatusRequestTimeout || status >= 500", without: "return status == http.StatusRequestTimeout || status == 409 || status >= 500",
		folder: provider, tests: "TestAccKilled/.*user",
	},
	{
		name: "a create is not repeated below the client",
		file: "internal/avara/attempt.go", code: "req.GetBody = nil", without: "_ = req.GetBody",
		folder: client, tests: "TestACreateIsNotRepeatedBelowTheClient",
	},
	{
		name: "one attempt is sent on few connections",
		file: "internal/avara/attempt.go", code: "connections.Add(1) > maxConnections", without: "connections.Add(1) > 100",
		folder: client, tests: "TestAnAttemptIsSentOnFewConnections",
	},
	{
		name: "a silent connection is not used again",
		file: "internal/avara/attempt.go", code: "c.forgetConnections()", without: "_ = c.transport",
		folder: client, tests: "TestASilentConnectionIsReplaced",
	},
	{
		name: "after a 504 a create is looked for until the server must have finished",
		file: "internal/avara/creates.go", code: "if o.mayBeAtWork() {", without: "if o.mayBeAtWork() && began.IsZero() {",
		folder: client, tests: "TestACreateThatIsCommittedLateIsFound",
	},
	{
		name: "a rejected request keeps its place at the gate",
		file: "internal/avara/gate_queue.go", code: "if v.place == 0 {", without: "if v.place >= 0 {",
		folder: client, tests: "TestARejectedRequestKeepsItsPlace",
	},
	{
		name: "after a long wait the gate holds the others for a minute at most",
		file: "internal/avara/gate.go", code: "wait := min(o.wait, othersWait)", without: "wait := o.wait",
		folder: client, tests: "TestALongWaitOfOneRouteDoesNotStopTheOthers",
	},
	{
		name: "a fast pace is guessed from the first second",
		file: "internal/avara/pace.go", code: "burstShare = 0.4", without: "burstShare = 0.0",
		folder: client, tests: "TestAFastRateIsFoundFromTheFirstSecond",
	},
	{
		name: "in slow start the pace doubles",
		file: "internal/avara/pace.go", code: "math.Exp2(p.heldBack/doubling.Seconds())", without: "math.Exp2(0*p.heldBack/doubling.Seconds())",
		folder: client, tests: "TestThePaceOfTheAPIIsFound",
	},
	{
		name: "the pace stays below the rejected one",
		file: "internal/avara/pace.go", code: "base := max(slowestPace, margin*math.Sqrt(measured*tried))", without: "base := max(slowestPace, margin*tried+0*measured)",
		folder: client, tests: "TestThePaceOfTheAPIIsFound",
	},
	{
		name: "the pace rises beyond its plateau",
		file: "internal/avara/pace.go", code: "(p.plateau-p.base)*x*x*x", without: "(p.plateau-p.base)*min(0, x*x*x)",
		folder: client, tests: "TestThePaceFollowsTheLimit",
	},
	{
		name: "the pace does not rise while nothing is sent",
		file: "internal/avara/pace.go", code: "min(now.Sub(p.latest).Seconds(), 1/p.perSecond)", without: "now.Sub(p.latest).Seconds()",
		folder: client, tests: "TestThePaceDoesNotRiseWhileNothingIsSent",
	},
	{
		name: "a wait that was too short does not change the pace",
		file: "internal/avara/pace.go", code: "case p.admissions == 0:", without: "case p.admissions < 0:",
		folder: client, tests: "TestAWaitThatWasTooShortTellsNoPace",
	},
	{
		name: "429s at random do not take the pace below its tolerated least",
		file: "internal/avara/pace.go", code: "toleratedPace, toleratedRun = 5, 8", without: "toleratedPace, toleratedRun = 0, 8",
		folder: client, tests: "TestRefusalsAtRandomDoNotStopEverything",
	},
	{
		name: "a pace below one a second is found",
		file: "internal/avara/pace.go", code: "slowestPace = 0.05", without: "slowestPace = 1.0",
		folder: client, tests: "TestASlowRateIsFound",
	},
	{
		name: "the pace stays below the user's after a 429",
		file: "internal/avara/pace.go", code: "p.perSecond = min(perSecond, p.limit)", without: "p.perSecond = perSecond",
		folder: client, tests: "TestThePaceOfTheUserIsKeptAfterRejections",
	},
	{
		name: "after a wait one request leaves the gate first",
		file: "internal/avara/gate.go", code: "g.probing = true", without: "g.probing = false",
		folder: client, tests: "TestWhenTheAPISaysWaitAllWaitAndOneGoesFirst",
	},
	{
		name: "a lost probe does not close the gate",
		file: "internal/avara/gate.go", code: "probeTime = 2 * time.Second", without: "probeTime = 2 * time.Hour",
		folder: client, tests: "TestALostProbeDoesNotHoldTheOthers",
	},
	{
		name: "a wait at the gate that is never enough grows",
		file: "internal/avara/gate.go", code: "g.rejections > believed", without: "g.rejections > 1000",
		folder: client, tests: "TestAWaitThatIsNeverEnoughGrows",
	},
	{
		name: "a request that cannot wait fails at the gate at once",
		file: "internal/avara/gate.go", code: "g.until.After(deadline)", without: "g.until.After(deadline.Add(time.Hour))",
		folder: client, tests: "TestARequestThatCannotWaitFailsAtOnce",
	},
	{
		name: "a 503 does not change the pace",
		file: "internal/avara/gate.go", code: "\t\tg.admit(v)\n\t\tg.outage", without: "\t\tif o.hasRetryAfter {\n\t\t\tg.reject(v, o, wasProbe, now)\n\t\t\tbreak\n\t\t}\n\t\tg.admit(v)\n\t\tg.outage",
		folder: client, tests: "TestAnOutageDoesNotSlowTheOthersDown",
	},
	{
		name: "the first success after a 503 opens the gate",
		file: "internal/avara/gate.go", code: "g.outage = time.Time{}", without: "_ = g.outage",
		folder: client, tests: "TestAnOutageDoesNotSlowTheOthersDown",
	},
	{
		name: "the gate closes once for a route with a long wait",
		file: "internal/avara/gate.go", code: "case g.admitted.After(since):", without: "case since.IsZero():",
		folder: client, tests: "TestALongWaitOfOneRouteDoesNotStopTheOthers",
	},
	{
		name: "an answer that quotes the key does not get into the state",
		file: "internal/avara/attempt.go", code: "c.secrets.in(body, m.body)", without: "c.secrets.in(nil)",
		folder: client, tests: "TestAnAnswerThatQuotesASecretIsRefused",
	},
	{
		name: "the key is sent to the host of the base URL only",
		file: "internal/avara/message.go", code: "case next.Scheme != m.url.Scheme || next.Host != m.url.Host:", without: "case next == nil:",
		folder: client, tests: "TestTheKeyGoesNowhereElse",
	},
	{
		name: "an answer that quotes the key is redacted",
		file: "internal/avara/error_bodies.go", code: "[]byte(c.Redact(string(o.body)))", without: "o.body",
		folder: client, tests: "TestAnAnswerThatQuotesTheKeyIsRedacted",
	},
	{
		name: "errors name nobody",
		file: "internal/provider/diagnostics.go", code: "return masked(words, f.people...)", without: "return words",
		folder: provider, tests: "TestAccPrivacy",
	},
	{
		name: "an unknown value replaces nothing",
		file: "internal/provider/requires_replace.go", code: "!req.PlanValue.IsUnknown() && ", without: "",
		folder: provider, tests: "TestAccUnknownValueReplacesNothing",
	},
	{
		name: "a delete does not undo what the same run has made",
		file: "internal/provider/express_customer_user_resource.go", code: "case made:\n\t\treturn nil\n\tcase refused:", without: "case made && false:\n\t\treturn nil\n\tcase refused:",
		folder: provider, tests: "TestAccExpressCustomerUser_replacedByItsEqual",
	},
	{
		name: "nothing is destroyed that could not be created again",
		file: "internal/provider/ledger.go", code: "return entry.made, entry.refused && !entry.made", without: "return entry.made, false",
		folder: provider, tests: "TestNothingIsDestroyedThatCouldNotBeCreatedAgain",
	},
	{
		name: "a person who has accepted is not replaced",
		file: "internal/provider/user_replace.go", code: "case replaced.Accepted && isSame:", without: "case replaced.Accepted && isSame && false:",
		folder: provider, tests: "TestAccUser_replacedByTheSamePerson/.*replaced",
	},
	{
		name: "a tainted person who has accepted is not replaced",
		file: "internal/provider/user_replace.go", code: "case isAccepted(state.Status.ValueString()):", without: "case isAccepted(\"\"):",
		folder: provider, tests: "TestAccUser_replacedByTheSamePerson/.*tainted",
	},
	{
		name: "an id can't leave its place in a path",
		file: "internal/avara/message.go", code: "url.PathEscape(id)", without: "id",
		folder: client, tests: "TestIDsCannotLeaveTheirPlaceInThePath",
	},
	{
		name: "a listing without end is ended",
		file: "internal/avara/pages.go", code: "(p.cursors[page.next] || p.stale == maxStalePages)", without: "p.stale == 100*maxStalePages",
		folder: client, tests: "TestHostileListings",
	},
	{
		name: "what was read before a write is forgotten",
		file: "internal/avara/reader.go", code: "writes == r.seen {", without: "writes >= r.seen {",
		folder: client, tests: "TestReadsAreNeverOlderThanTheLatestWrite|TestWhatWasInFlightDuringAWriteIsForgotten",
	},
	{
		name: "many reads are served by pages of the list",
		file: "internal/avara/reader_pages.go", code: "case r.page != nil || r.unlisted", without: "case true || r.page != nil || r.unlisted",
		folder: client, tests: "TestRequestsOfARefresh",
	},
	{
		name: "reads wait for pages only while that pays in time",
		file: "internal/avara/reader_balance.go", code: "return b.debt <= max(leastDebt, maxDebt*shorter)", without: "return shorter >= 0",
		folder: client, tests: "TestARefreshIsNeverMuchSlowerThanTheBetterWay",
	},
	{
		name: "pages are requested only while that pays in requests",
		file: "internal/avara/reader_balance.go", code: " && b.pages < plainReads+b.served+b.gets/getsPerPage", without: "",
		folder: client, tests: "TestARefreshIsNeverMuchSlowerThanTheBetterWay",
	},
	{
		name: "confirmations of one object are shared",
		file: "internal/avara/reader.go", code: "known != nil && known.by.confirms {", without: "known != nil && known.by.confirms && false {",
		folder: client, tests: "TestConfirmationsOfOneObjectAreShared",
	},
	{
		name: "what an older answer may explain is confirmed later",
		file: "internal/avara/reader.go", code: "err := r.client.Settle(ctx); err != nil", without: "err := ctx.Err(); err != nil",
		folder: client, tests: "TestAConfirmationIsSentAfterWritesHaveHadTimeToShow",
	},
	{
		name: "a 404 is believed only if the API itself answers",
		file: "internal/avara/reader.go", code: "case IsNotFound(err) && !r.hidesSome:", without: "case IsNotFound(err) && false:",
		folder: client, tests: "TestA404IsBelievedOnlyOfTheAPI",
	},
	{
		name: "a 404 of a write counts only if no read shows the object",
		file: "internal/avara/changes.go", code: "case IsNotFound(readErr):", without: "case true:",
		folder: client, tests: "TestDeletingToleratesWhatIsDeleted",
	},
	{
		name: "a page that had too little time does not end the use of the list",
		file: "internal/avara/reader_pages.go", code: "return !isShortOfTime(err) && (", without: "return (",
		folder: client, tests: "TestAPageWithLittleTimeDoesNotEndTheList",
	},
	{
		name: "an interrupted list fails",
		file: "internal/leanserver/streams.go", code: "s.lists.wait(ctx)", without: "_ = ctx",
		folder: lean, tests: "TestStopWaitsForLists",
	},
	{
		name: "nothing is kept of a call that has ended",
		file: "internal/leanserver/server.go", code: "defer end()", without: "_ = end",
		folder: lean, tests: "TestWhatCallsHeldIsLetGo|TestMemoryKeptOfManyCalls",
	},
	{
		name: "a call is cancelled with its caller",
		file: "internal/leanserver/leash.go", code: "l.parent.Store(&parent)", without: "without := context.WithoutCancel(parent); l.parent.Store(&without)",
		folder: lean, tests: "TestCancellingTheCallerCancelsTheCall",
	},
	{
		name: "lines that nobody reads are not built",
		file: "internal/leanserver/process.go", code: `"TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO", `, without: "",
		folder: lean, tests: "TestLogsAreSilencedUnlessAskedFor",
	},
	{
		name: "a list that stops at its limit says so",
		file: "internal/provider/list_resource.go", code: "last.Diagnostics.Append(l.limited(req.Limit))", without: "",
		folder: provider, tests: "TestAccQuery_limited|TestListResource",
	},
	{
		name: "a membership follows its user",
		file: "internal/provider/express_customer_user_resource.go", code: "if r.ledger.hasCreated() {", without: "if false {",
		folder: provider, tests: "TestAccExpressCustomerUser_followsItsUser/pending",
	},
	{
		name: "a 404 ends nothing if something other than the API answers",
		file: "internal/avara/reader.go", code: "if !IsNotFound(err) {", without: "if true {",
		folder: provider, tests: "TestADestroyAtAWrongBasePathKeepsTheState",
	},
	{
		name: "an answer that is older than the state is read again",
		file: "internal/provider/read_current.go", code: "held.After(shown)", without: "held.After(shown) && false",
		folder: provider, tests: "TestAnOlderAnswerIsReadAgain",
	},
	{
		name: "a plan names the inactive customer that a user is to join",
		file: "internal/provider/ledger_customers.go", code: "return l.customers.shownInactive[id]", without: "return false &&",
		folder: provider, tests: "TestNewMembersOfACustomerThatADataSourceShows",
	},
	{
		name: "a plan does not warn of a new member that may join a new active customer",
		file: "internal/provider/ledger_customers.go", code: "if l.customers.newActive {", without: "if false {",
		folder: provider, tests: "TestNewMembersOfNewCustomers",
	},
	{
		name: "a lost membership is named",
		file: "internal/provider/express_customer_user_resource.go", code: `if r.ledger.revoked(m.equality()) != "" {`, without: "if false {",
		folder: provider, tests: "TestMembershipThatIsLostForNow",
	},
	{
		name: "phone numbers of others are masked",
		file: "internal/provider/masking.go", code: `+ number().ReplaceAllString(text[end:], "(number)")`, without: "+ text[end:]",
		folder: provider, tests: "TestPeopleOfOthersAreMasked",
	},
	{
		name: "an object by field is a complaint about fields",
		file: "internal/avara/complaints.go", code: "within(about, dotted(name))", without: "about",
		folder: client, tests: "TestErrorBodies",
	},
	{
		name: "a plan warns of two new customers of one name",
		file: "internal/provider/customer_names.go", code: "if n.planned[key] {", without: "if false {",
		folder: provider, tests: "TestPreventDuplicateNamesOfOnePlan",
	},
	{
		name: "blanks around a metadata key that the API trims cause no diff",
		file: "internal/provider/metadata.go", code: "!isAmong(before, trimmed)", without: "false",
		folder: provider, tests: "TestOddTextConverges",
	},
	{
		name: "a change with such a key counts as made",
		file: "internal/avara/text.go", code: " || maps.EqualFunc(withKeys(sent, TextKey), held, keptAs)", without: "",
		folder: provider, tests: "TestOddTextConverges",
	},
	{
		name: "metadata whose key changes in blanks only is as planned",
		file: "internal/provider/express_customer_resource.go", code: "reached.metadataModel = plan.metadataModel", without: "",
		folder: provider, tests: "TestKeyThatChangesInBlanksOnly",
	},
	{
		name: "a plan names keys of metadata that differ in blanks only",
		file: "internal/provider/metadata_policy.go", code: "diags.Append(plan.checkBlanks(state)...)", without: "",
		folder: provider, tests: "TestKeysThatDifferInBlanksOnly",
	},
	{
		name: "people are masked before a message is cut",
		file: "internal/avara/error_bodies.go", code: "maxMessage    = 2000", without: "maxMessage    = 500",
		folder: client, tests: "TestErrorBodies",
	},
}
