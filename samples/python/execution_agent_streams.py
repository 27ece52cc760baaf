#!/usr/bin/python3
"""An execution agent over streams (--transport streams): fills te:{0}:orders at their price, answers, and reconciles."""
import argparse, json, signal, time, redis
from decimal import Decimal  # lots are counted exactly
args = argparse.ArgumentParser(description=__doc__)
args.add_argument("--redis", default="redis://127.0.0.1:6379/0", help="address of Redis")
args.add_argument("--name", default="sample", help="name of this agent in its consumer group")
args = args.parse_args()
signal.signal(signal.SIGINT, signal.SIG_DFL)  # whenever it ends, it goes on from there
db = redis.Redis.from_url(args.redis, decode_responses=True, socket_timeout=5)
ORDERS, UPDATES, ASKED, ANSWERS = (f"te:{{0}}:{queue}" for queue in ("orders", "updates", "reconcile", "reconciled"))
GROUP, NOTE, HELD = "executor", "execution_agent:done:", "execution_agent:positions"
read, write = lambda text: json.loads(text, parse_float=Decimal), lambda value: json.dumps(value, default=float)
started, beaten, position = time.time(), 0.0, "0"  # from "0" on come those of this name that were not acknowledged

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
        return step.multi()  # it came again
    answer, key = answer_to(order) | {"timestamp": time.time()}, f'{order.get("account", "default")} {order["symbol"]}'
    lots = answer.get("last_quantity", 0) * (1 if order.get("side", order["action"]) == "buy" else -1)
    held, report = Decimal(step.hget(HELD, key) or 0) + lots, {"position_id": order["position_id"], "updates": answer}
    step.multi()
    step.set(note, write(answer), ex=90000).hset(HELD, key, str(held)).xadd(UPDATES, {"data": write(report)})

def reconcile(step, asked):
    notes = {order: read(step.get(NOTE + order) or '{"status": "not_found"}') for order in asked["orders"]}
    held = [(*key.split(" "), Decimal(lots)) for key, lots in step.hgetall(HELD).items() if Decimal(lots)]
    answer = {"request_id": asked["request_id"], "fills": [note for note in notes.values() if "fill_id" in note],
              "orders": [{"order_id": order, "status": note["status"]} for order, note in notes.items()],
              "positions": [{"account": account, "symbol": symbol, "quantity": lots} for account, symbol, lots in held]}
    step.multi()
    step.xadd(ANSWERS, {"data": write(answer)})

def handle(step, key, entry, fields):  # what a message asks for, and its end, are one transaction
    try:
        (reconcile if key == ASKED else execute)(step, read(fields["data"]))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        print(f"not understood: {error!r} in {str(fields)[:200]}", flush=True)
        step.multi()
    step.xack(key, GROUP, entry).xdel(key, entry)  # nobody else trims the stream

def bring_groups():
    for key in (ORDERS, ASKED):
        try:
            db.xgroup_create(key, GROUP, id="0", mkstream=True)
        except redis.RedisError as error:
            print(f"{key}: {error}", flush=True)  # BUSYGROUP: it is there

while True:
    try:
        if (now := time.time()) > beaten + 1:
            beaten, stats = now, {"status": "running", "start_time": started, "last_heartbeat": now, "timestamp": now, "reconcile": "true"}
            db.hset("agent_stats:execution", mapping=stats)
        found = db.xreadgroup(GROUP, args.name, {ORDERS: position, ASKED: position}, count=100, block=1000)
        position = position if any(entries for _, entries in found) and position == "0" else ">"
        for key, entries in found:
            for entry, fields in entries:
                db.transaction(lambda step: handle(step, key, entry, fields), HELD)
    except redis.ResponseError as error:  # no group yet, or no more
        bring_groups()
        time.sleep(0.1)
    except redis.RedisError as error:  # what was read and not acknowledged is read again
        print(f"Redis is away: {error}", flush=True)
        position = "0"
        time.sleep(1)
