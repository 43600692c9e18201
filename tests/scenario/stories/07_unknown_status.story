# An unknown status is parked, shown, given a meaning in the settings, and then applied
connect kaspi
market  kaspi creates {"number":"438000001"}
market  kaspi breaks {"kind":"changed_word","field":"APPROVED_BY_BANK","times":50}
run     jobs
as      owner
GET     /api/queue                       200  items.length=0
GET     /api/parked?account_id=$kaspi    200  items.length=1  items.0.status_key=APPROVED_BY_BANK_v2  items.0.payload_shown~438000001
GET     /api/accounts                    200  items.0.parked=1  items.0.state=active
GET     /api/accounts/$kaspi/statuses    200  items[key=APPROVED_BY_BANK_v2].unknown=1  items[key=APPROVED_BY_BANK_v2].hub_status=null
PUT     /api/accounts/$kaspi/statuses  {"rows":[{"key":"APPROVED_BY_BANK_v2","hub_status":"new"}]}  200
GET     /api/parked                      200  items.length=0
GET     /api/queue                       200  items.length=1  items.0.number=438000001  items.0.status=new
