#!/usr/bin/python3
"""An execution agent over lists: fills execution_orders at their price, answers on position_updates, and reconciles."""
import argparse, json, signal, time, redis
from decimal import Decimal  # lots are counted exactly
args = argparse.ArgumentParser(description=__doc__)
args.add_argument("--redis", default="redis://127.0.0.1:6379/0", help="address of Redis")
args.add_argument("--name", default="sample", help="name of this agent; two at once need two names")
args = args.parse_args()
signal.signal(signal.SIGINT, signal.SIG_DFL)  # whenever it ends, it goes on from there
db = redis.Redis.from_url(args.redis, decode_responses=True, socket_timeout=5)
PROCESSING, NOTE, HELD = f"execution_orders:processing:{args.name}", "execution_agent:done:", "execution_agent:positions"
read, write = lambda text: json.loads(text, parse_float=Decimal), lambda value: json.dumps(value, default=float)
started, beaten = time.time(), 0.0

def answer_to(order):
    if order["type"] == "cancel":  # orders are done at once: none is left that could be cancelled
        return {"order_id": order["target_order_id"], "status": "cancel_rejected", "reason": "not a working order"}
    lots, price = Decimal(order["quantity"]), Decimal(order["price"])
    if not (lots > 0 and price > 0):
        return {"order_id": order["order_id"], "status": "rejected", "reason": f"cannot trade {lots} lots at {price}"}
    return {"order_id": order["order_id"], "fill_id": f'{order["order_id"]}-1', "last_quantity": lots, "last_price": price,
            "cumulative_quantity": lots, "status": "filled"}  # told twice, it is still one fill

def execute(step, order):
    if step.exists(note := NOTE + order["order_id"]):
        return  # it came again
    answer, key = answer_to(order) | {"timestamp": time.time()}, f'{order.get("account", "default")} {order["symbol"]}'
    lots = answer.get("last_quantity", 0) * (1 if order.get("side", order["action"]) == "buy" else -1)
    held, report = Decimal(step.hget(HELD, key) or 0) + lots, {"position_id": order["position_id"], "updates": answer}
    step.multi()  # noted for 25 hours, by agents of every name in one place
    step.set(note, write(answer), ex=90000).hset(HELD, key, str(held)).lpush("position_updates", write(report))

def reconcile(step, asked):
    notes = {order: read(step.get(NOTE + order) or '{"status": "not_found"}') for order in asked["orders"]}
    held = [(*key.split(" "), Decimal(lots)) for key, lots in step.hgetall(HELD).items() if Decimal(lots)]
    answer = {"request_id": asked["request_id"], "fills": [note for note in notes.values() if "fill_id" in note],
              "orders": [{"order_id": order, "status": note["status"]} for order, note in notes.items()],
              "positions": [{"account": account, "symbol": symbol, "quantity": lots} for account, symbol, lots in held]}
    step.multi()
    step.lpush(asked["reply_to"], write(answer))

def handle(step, raw):  # what a message asks for, and its end, are one transaction
    try:
        message = read(raw)
        (reconcile if message["type"] == "reconcile" else execute)(step, message)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        print(f"not understood: {error!r} in {raw[:200]}", flush=True)
    step.lrem(PROCESSING, -1, raw)

while True:
    try:
        if (now := time.time()) > beaten + 1:
            beaten, stats = now, {"status": "running", "start_time": started, "uptime_seconds": now - started, "last_heartbeat": now}
            db.hset("agent_stats:execution", mapping=stats | {"timestamp": now, "reconcile": "true"})
            db.lmove("reconcile_requests", PROCESSING, src="RIGHT", dest="LEFT")
        if raw := db.lindex(PROCESSING, -1) or db.blmove("execution_orders", PROCESSING, 1, src="RIGHT", dest="LEFT"):
            db.transaction(lambda step: handle(step, raw), HELD)  # begins anew where another agent came between
    except redis.RedisError as error:
        print(f"Redis is away: {error}", flush=True)
        time.sleep(1)
