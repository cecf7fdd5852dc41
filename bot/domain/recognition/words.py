"""The words that matter for speech acts in operations English; other words count by their kind.

Messages are reduced to these words before training and recognition. So a team's own names
(services, tools, people) have no influence, and the weights work for every team. Both lists are
handwritten, and contain nothing from the chat that the weights were trained on.
"""

from typing import Final

PLAIN: Final = """
a able aboard about access action actually add added adding adopt adopted adopting advise after
again against agree agreed agreement agrees ahead all allowed almost already also always am an and
another answer any anymore anyone anything anyway approval approve approved are around as ask asked
asking asks assign assigned assigning assist at available avoid awaiting aware away babysit back bad
bandwidth be because been before begin behalf being believe bell belong belongs best better between
both bridge bring bringing brought busy but by call called calling calls can can't capacity care
carry case cc chair chance check checked checking chime clarify clear close closed clue come coming
conclude concluded conclusion confirm consensus contact contacted contacting contacts continue
correct correctly could couldn't cover covered covering curious currently day decide decided decides
deciding decision decisions declined default did didn't different discuss do does doesn't doing
don't done drive dropping due each easy effective effort either else end enough escalate escalated
escalating escalation eta etc even ever every everyone everything except exception exceptions
expected eye eyes familiar far feedback feel few figure final finally find fine finish finished
first folks follow follow-up followed follows followup for forbidden forth forward free from further
fyi generally get gets getting give given giving go goes going gone good got great green guess had
hadn't hand handed handing handle handles handling handoff handover happen happened happening
happens happy has hasn't have haven't having he head heading heads heads-up heard hearing help
henceforth her here hereby hey hi him his hmm hold home hop hope host hotline how how's however huh
i i'd i'll i'm i've idea ideas if in instead intend intended interested into involve is isn't issue
it it'll it's its job join joining jump just keep keeping kick kind kindly know known knows last
later least leave leaves leaving left let let's light like likely little log logging logoff long
look looking lookout looks loop looping lot luck made maintain maintains make makes making mandatory
many matter may maybe me mean means might mind mine moment more most move moved moving much must
mustn't my myself need needed needing needs never new news next no nobody non none nor normal
normally not note notes nothing now objection objections obviously of off often oh ok okayed on
onboarded once one only onto opposition option options or other others otherwise our out outcome
over own owner ownership owns page paged pager paging pair part pass passing people per perhaps
permitted person pick picking ping pinged pinging place plan please poke policies policy possible
possibly prefer probably problem procedure proceed proceeding process progress proper proposal
propose proposed pull pulling put queries query question questions quick quickly quite rather reach
reached reaching ready really reason reassign reassigned reassigning recall recommend recommended
remember remembers reply request requesting require required requires resolution respond responding
responsible rest right ring rings room rota rotation rule rules ruling run running runs safe said
same saw say says second see seems seen send set settled shall she shift shifts should shouldn't
sign signed signing since skip sleep slot so some someone something sometimes somewhere soon sorry
sound sounds speak stand standard standing start starting stay step stepping steps stick sticking
still stop stuff suggest suggestion summary summon suppose supposed sure swap tagged tagging take
taken takeover takers takes taking talk talking team tell than thank thanks that that's the their
them then there there's these they they're they've thing things think thinking this those though
thought thoughts thread through till time to today today's together too took toward tried true try
trying turn turns two unanimous unclear under understand unless until up update updates upon us use
used using usual usually verdict very volunteer volunteers vote voted votes voting wait waiting wake
want wanted wants was wasn't watch way we we'd we'll we're we've weigh welcome well went were what
what's whatever when when's whenever where where's whether which while who who's whoever whole whom
whose why will willing wish with within without won't wonder wondering work worked working works
would wouldn't wrap yeah yes yet you you'd you'll you're you've your yours yourself
"""

KINDS: Final = {
    # Verbs for working on systems and tickets: plain, in progress, and done.
    "act": """
        adjust allow apply archive attach backfill backport ban block boot bounce bump
        cancel change clean create cut cutover debug decommission defer delay delete deny
        deploy deprecate disable downgrade drain drop edit enable evict expand export extend
        fail failover fix flip flush force freeze grant hotfix implement import increase
        install investigate isolate kill land limit lock lower merge migrate mitigate
        monitor mute notify onboard open park patch pause pin postpone prioritize promote
        provision publish punt push quarantine raise rebase reboot rebuild recreate reduce
        refresh reimage reinstall reject release reload remap remove rename renew reopen
        repair replace replay replicate reroute rerun reset resize resolve restart restore
        resume retire retry revert revoke rewrite roll rollback rotate route scale schedule
        shard ship shut silence snapshot snooze split submit suppress switch sync tag
        terminate test throttle tick toggle track transfer triage trigger troubleshoot
        truncate tune unblock uninstall unlock unmute unplug upgrade upload vacuum verify
        whitelist wipe write
    """,
    "acting": """
        adjusting allowing applying backfilling blocking bouncing bumping canceling
        cancelling changing cleaning closing creating debugging deferring delaying deleting
        deploying disabling draining enabling failing fixing flipping flushing freezing
        granting importing increasing installing investigating isolating killing landing
        merging migrating mitigating monitoring muting opening patching pausing pinning
        postponing promoting provisioning pushing rebooting rebuilding reducing reimaging
        rejecting releasing removing renewing reopening replacing replaying rerunning
        resetting resolving restarting restoring retiring retrying reverting revoking
        rolling rotating scaling scheduling shipping shutting silencing skipping stopping
        switching syncing testing throttling tracking triaging troubleshooting unblocking
        unlocking upgrading uploading verifying wiping writing
    """,
    "acted": """
        adjusted applied backfilled blocked bounced bumped canceled cancelled changed
        cleaned created debugged deferred delayed deleted deployed disabled drained dropped
        enabled failed filed fixed flipped flushed granted imported increased installed
        investigated isolated killed landed merged migrated mitigated muted opened patched
        paused pinned postponed promoted pushed raised rebooted rebuilt reduced reimaged
        rejected released removed renewed reopened replaced replayed rerouted resolved
        restarted restored resumed retired retried reverted revoked rolled rotated scaled
        scheduled shipped silenced skipped started stopped switched synced tested throttled
        triaged triggered unblocked unlocked upgraded uploaded verified wiped written
    """,
    # Words for faults.
    "wrong": """
        alarm alarming alert alerting alerts broke broken bug bugs corrupt corrupted crash
        crashed crashes crashing critical dead degraded denied desync died disconnected
        disconnecting down emergency error erroring errors exhausted expired expiring fails
        failure failures firing flaky flapping hanging hangs hung incident incidents lag
        lagging latency leak leaking locked lockout missing offline oom outage overloaded p0
        p1 p2 packetloss panic pending regression s1 sev sev-1 sev-2 sev1 sev2 slow slowly
        spike spiking stale stuck timeout timeouts unable unavailable unhealthy unreachable
        unresponsive urgent urgently weird
    """,
    # Roles of people.
    "role": """
        admin admins analyst cloudops commander dba dbas dev devops devs director engineer
        engineering engineers facilities finance helpdesk hr infosec infra infrastructure
        lead legal maintainer maintainers management manager netops networking noc on-call
        oncall operator operators ops platform primary reviewer reviewers secondary secops
        security servicedesk soc specialist sre sres supervisor support sysadmin sysadmins
        teams vendor
    """,
    "when": """
        afternoon eod evening fri friday hour hours midnight mins minute minutes mon monday
        month morning night noon overnight sat saturday sun sunday thu thurs thursday
        tomorrow tonight tue tues tuesday wed wednesday week weekend weekends weeks
        yesterday
    """,
    "meet": """
        agenda huddle meeting meetings retro stand-up standup sync-up webinar zoom
    """,
    "doc": """
        article checklist confluence doc docs document documentation documented documents
        guide guideline guidelines how-to howto instructions kb manual playbook playbooks
        readme runbook runbooks sop sops tutorial wiki
    """,
    "permit": """
        authorization authorize clearance credentials creds permission permissions
        privileges sign-off signoff sudo
    """,
    "review": """
        approving lgtm review reviewed reviewing reviews
    """,
    "ticket": """
        commit cr jira mr pr prs servicenow ticket tickets
    """,
    "away": """
        afk bed flight holiday holidays lunch ooo pto sick vacation
    """,
    "cheers": """
        awesome cheers congrats congratulations cool excellent gm haha heh hello lol neat
        nice np perfect sweet thx ty wow yay
    """,
    "share": """
        attach describe dm elaborate explain link paste post provide screenshot screenshots
        share sharing
    """,
}

SPELLINGS: Final = {
    "aint": "isn't",
    "alright": "ok",
    "anybody": "anyone",
    "aren't": "are",
    "arent": "are",
    "cannot": "can't",
    "cant": "can't",
    "cc'd": "cc",
    "cc'ing": "cc",
    "cc-ing": "cc",
    "ccing": "cc",
    "copying": "cc",
    "couldnt": "couldn't",
    "didnt": "didn't",
    "doesnt": "doesn't",
    "dont": "don't",
    "everybody": "everyone",
    "gonna": "going",
    "hand-off": "handoff",
    "hand-over": "handover",
    "take-over": "takeover",
    "gotta": "must",
    "hasnt": "hasn't",
    "havent": "haven't",
    "hows": "how's",
    "ill": "i'll",
    "im": "i'm",
    "imho": "think",
    "imo": "think",
    "isnt": "isn't",
    "ive": "i've",
    "k": "ok",
    "kk": "ok",
    "lets": "let's",
    "okay": "ok",
    "okey": "ok",
    "pls": "please",
    "plz": "please",
    "shall": "should",
    "shouldnt": "shouldn't",
    "somebody": "someone",
    "thats": "that's",
    "theres": "there's",
    "til": "until",
    "u": "you",
    "ur": "your",
    "wanna": "want",
    "wasnt": "wasn't",
    "weve": "we've",
    "whats": "what's",
    "wheres": "where's",
    "whos": "who's",
    "wont": "won't",
    "wouldnt": "wouldn't",
    "y'all": "you",
    "ya": "you",
    "yall": "you",
    "yea": "yeah",
    "yep": "yes",
    "youre": "you're",
    "yup": "yes",
}
