# A return that nobody decides wakes the one who has it, then the head by Telegram; the bell shows it until it is decided
connect wb
as      owner
PATCH   /api/settings/notices  {"telegram_base":"$markets/telegram","telegram_token":"123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"}  if=1  200
PATCH   /api/settings/notices  {"address":"https://crm.karapuz.kz"}  if=2  200
POST    /api/me/notices/telegram         201
keep    link = link
telegram 700 starts $link
clock   +3s
run     jobs
as      manager
POST    /api/me/notices/telegram         201
keep    link = link
telegram 500 starts $link
clock   +3s
run     jobs
# Her phone is silent round the clock.
PUT     /api/me/notices  {"quiet":{"from":"00:00","to":"23:59"}}  204
GET     /api/me/notices                  200  rules.return_red.telegram=now  rules.standing.email=now
PUT     /api/me/notices  {"quiet":{"from":"00:00","to":"23:59"},"rules":{"return_red":{"telegram":"digest"},"reason":{"email":"digest"}}}  204
GET     /api/me/notices                  200  rules.return_red.telegram=now  rules.reason.email=digest
market  wb creates {"number":"5632423","stage":"delivered","handed_at":"2026-12-12T10:00:00Z","closed_at":"2026-12-14T10:00:00Z"}
clock   +16m
run     jobs
market  wb asks 5632423 {"reason":"Не подошёл размер"}
clock   +16m
run     jobs
GET     /api/returns                     200  items.length=1
keep    return = items.0.id
keep    yellow = items.0.yellow_at
keep    red = items.0.red_at
GET     /api/returns/$return             200  deadline.step=decide_return  deadline.explain.source!=none  statements<=16
GET     /api/notices                     200  items[object=return]=absent
clock   $yellow
run     jobs
run     jobs
telegram shows  messages.length=3  messages.2.chat=700  "messages.2.text~никто не взялся"  messages.2.buttons.0.text=Принято
keep    ack = messages.2.buttons.0.callback_data
telegram 700 presses $ack 3
clock   +3s
run     jobs
telegram shows  pressed.length=1  "pressed.0~Принято"
clock   $red
run     jobs
run     jobs
telegram shows  messages.length=4  messages.3.chat=700  "messages.3.text~Возврат · горит"
as      manager
GET     /api/notices                     200  items[id=$return].object=return  items[id=$return].entries.0.kind=red  items[id=$return].entries.0.text=decide_return
POST    /api/notices/read  {"items":[{"object":"return","id":"$return","at":"$red"}]}  204
GET     /api/notices                     200  items[id=$return].read=true
as      support
GET     /api/notices                     200  items[id=$return]=absent
POST    /api/returns/$return/acknowledge  403
POST    /api/claims/$return/acknowledge   403
as      manager
POST    /api/claims/$return/acknowledge   404
POST    /api/returns/$return/acknowledge  204
# Decided: it is nobody's news any more.
GET     /api/returns/$return             200
keep    v = version
POST    /api/returns/$return/act {"action":"approve","version":$v}  200
GET     /api/notices                     200  items[id=$return]=absent
clock   +2h
run     jobs
telegram shows  messages.length=4
