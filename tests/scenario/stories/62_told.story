# A sleeping manager is told by Telegram, then the head; who takes it in the chat has taken it in the shop
connect kaspi
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
run     jobs
as      manager
GET     /api/me/notices                  200  telegram=null  email=false  targets.length=0  rules.order_red.telegram=now  quiet.from=00:00
POST    /api/me/notices/telegram         409
POST    /api/me/notices/email  {"address":"a@b.kz"}  409
GET     /api/settings/notices            403
# The owner sets the bot up. A wrong token is told at once, and the right one is never shown again.
as      owner
GET     /api/settings/notices            200  has_token=false
PATCH   /api/settings/notices  {"telegram_token":"x"}  if=1  422  errors.0.field=telegram_token
PATCH   /api/settings/notices  {"telegram_base":"$markets/telegram","telegram_token":"123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"}  if=1  200
 has_token=true  telegram_name=karapuz_sandbox_bot  body!~AAEh
PATCH   /api/settings/notices  {"mail_host":"smtp.example"}  if=2  422  errors.0.field=mail_from
PATCH   /api/settings/notices  {"address":"https://crm.karapuz.kz"}  if=1  412
GET     /api/audit?entity=settings       200  body!~AAEh
# Both link their chats.
POST    /api/me/notices/telegram         201  medium=telegram  state=waiting
keep    link = link
telegram 700 starts $link
clock   +3s
run     jobs
GET     /api/me/notices                  200  targets.length=1  targets.0.state=on  targets.0.label=@user700  body!~700,
as      manager
GET     /api/session                     200
keep    me = user.id
POST    /api/me/notices/telegram         201
keep    link = link
telegram 500 starts $link
clock   +3s
run     jobs
telegram shows  messages.length=2  messages.1.chat=500
PUT     /api/me/notices  {"quiet":{"from":"25:00","to":"x"},"rules":{"order_red":{"fax":"now"}}}  422  errors.length=3
PUT     /api/me/notices  {"digest_at":"10:00","rules":{"channel_stopped":{"telegram":"never"}}}  204
GET     /api/me/notices                  200  digest_at=10:00  rules.channel_stopped.telegram=never  rules.order_red.telegram=now
# An order turns yellow: she who has it is told; fifteen minutes later the team; red: the heads.
GET     /api/queue                       200
keep    order = items[number=438000001].id
keep    other = items[number=438000002].id
POST    /api/orders/$order/assign  {"assignee_id":"$me"}  200
POST    /api/orders/$other/assign  {"assignee_id":"$me"}  200
clock   +12h
run     jobs
run     jobs
telegram shows  messages.length=3  messages.2.chat=500  messages.2.text~438000001  messages.2.text~438000002  messages.2.buttons.0.text=Принято
clock   +16m
run     jobs
run     jobs
telegram shows  messages.length=5  "messages.4.text~Никто не взялся"
clock   +584m
run     jobs
run     jobs
telegram shows  messages.length=7  messages.6.text~Горит
# The buyer takes one back; the other runs out, and is confirmed in the chat of the owner.
market  kaspi plays 438000002 buyer_cancels
run     jobs
clock   +2h
run     jobs
run     jobs
telegram shows  messages.length=8  messages.7.chat=700  "messages.7.text~Просрочено: 438000001"  messages.7.buttons.1.text=Подтвердить
keep    confirm = messages.7.buttons.1.callback_data
# A stranger's press does nothing, the owner's confirms.
telegram 999 presses $confirm 8
clock   +3s
run     jobs
telegram shows  pressed.length=1  "pressed.0~Не получилось"
telegram 700 presses $confirm 8
clock   +3s
run     jobs
telegram shows  pressed.1=Подтверждено.  messages.7.buttons.length=0
clock   +15s
run     jobs
market  kaspi got accept 438000001
# Nobody acknowledges what he may not see, and a chat that blocks the bot is closed.
as      accountant
POST    /api/orders/$order/acknowledge   403
as      manager
POST    /api/orders/$order/acknowledge   204
telegram 500 blocks
clock   +3s
run     jobs
GET     /api/me/notices                  200  targets.0.state=gone
keep    way = targets.0.id
as      owner
DELETE  /api/me/notices/$way             404
as      manager
DELETE  /api/me/notices/$way             204
