# The table of rights is shown as the server checks it, and only to those who may let people in
as      manager
GET     /api/roles                       403
as      owner
GET     /api/roles                       200  items.0.role=owner  items[role=picker].permissions.length=4
 items[role=picker].permissions.0=orders.see
