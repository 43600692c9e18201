# The town of the pictures has returns under way, and its orders stay as they were
scene   karapuz
connect kaspi
connect wb
connect ozon
run     jobs
clock   +1s
run     jobs
as      owner
GET     /api/returns?limit=50            200  items.length=21
