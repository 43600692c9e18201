# Kaspi says by the order that goods come back: a return, a refusal on the way, a cancellation of what was packed
connect kaspi
market  kaspi creates {"number":"438000001","stage":"delivered","handed_at":"2026-12-14T10:00:00Z","closed_at":"2026-12-15T10:00:00Z"}
market  kaspi creates {"number":"438000002","stage":"handed","handed_at":"2026-12-15T10:00:00Z","fate":"stays"}
market  kaspi creates {"number":"438000003","stage":"assembled","assembled_at":"2026-12-15T10:00:00Z","fate":"stays"}
market  kaspi creates {"number":"438000004"}
clock   +16m
run     jobs
as      manager
GET     /api/returns                     200  items.length=0
market  kaspi asks 438000001
market  kaspi plays 438000002 buyer_cancels
market  kaspi plays 438000003 buyer_cancels
market  kaspi plays 438000004 buyer_cancels
clock   +16m
run     jobs
GET     /api/returns                     200  items.length=3  items[order_number=438000001].state=in_transit  items[order_number=438000001].kind=return
                                              items[order_number=438000002].state=in_transit  items[order_number=438000002].kind=refusal_at_door
                                              items[order_number=438000003].state=received  items[order_number=438000003].kind=cancellation
GET     /api/returns?closed=1            200  items.length=1  items[order_number=438000004].state=closed
# The same pages again: nothing more.
clock   +16m
run     jobs
GET     /api/returns?closed=1            200  items.length=1
GET     /api/returns                     200  items.length=3
keep    back = items[order_number=438000001].id
market  kaspi plays 438000001 returned
clock   +16m
run     jobs
GET     /api/returns/$back               200  state=refunded
