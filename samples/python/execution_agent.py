#!/usr/bin/python3
"""An execution agent over lists: takes execution_orders, fills them at their price, answers on position_updates."""
import argparse, json, time, redis

args = argparse.ArgumentParser(description=__doc__)
args.add_argument("--redis", default="redis://127.0.0.1:6379/0", help="address of Redis")
args.add_argument("--name", default="sample", help="name of this agent; two at once need two names")
args.add_argument("--count", type=int, default=0, help="end after so many orders; 0 goes on until Ctrl+C")
args = args.parse_args()
db = redis.Redis.from_url(args.redis, decode_responses=True)
ORDERS, UPDATES, READY = "execution_orders", "position_updates", "trading_engine_ready"
PROCESSING, DONE = f"{ORDERS}:processing:{args.name}", f"{ORDERS}:done:{args.name}:"
started, handled, beaten, ready = time.time(), 0, float("-inf"), None

def beat():
    """Shows that the agent lives. Orders in the queue are committed and executed, engine ready or not."""
    global beaten, ready
    beaten, now = time.monotonic(), time.time()
    db.hset("agent_stats:execution", mapping={"status": "running", "start_time": started, "last_heartbeat": now,
                                              "uptime_seconds": now - started, "timestamp": now, "orders": handled})
    db.set("heartbeat:execution", now, ex=300)
    db.publish("heartbeat:execution", json.dumps({"agent": "execution", "timestamp": now}))
    if (is_ready := db.get(READY) == "true") != ready:
        ready = is_ready
        print(f"engine: {'takes entries' if ready else 'paused, stopped or away'}", flush=True)

def answer_to(order):
    """What became of the order. Its fill id follows from its id: told twice, it is still one fill."""
    if order["type"] == "cancel":  # all was filled at once, so what is known here is too late to cancel
        late = db.exists(DONE + order["target_order_id"])
        return {"order_id": order["target_order_id"], "status": "cancel_rejected" if late else "cancelled"}
    return {"order_id": order["order_id"], "fill_id": f'{order["order_id"]}-1', "last_quantity": order["quantity"],
            "last_price": order["price"], "cumulative_quantity": order["quantity"], "commission": 0.0, "status": "filled"}

def handle(raw):
    """Executes an order once. The answer, the note that it is done and the end of processing are one transaction."""
    global handled
    with db.pipeline(transaction=True) as step:
        try:
            order = json.loads(raw)
            if not db.exists(DONE + order["order_id"]):
                answer = answer_to(order) | {"timestamp": time.time()}
                step.lpush(UPDATES, json.dumps({"position_id": order["position_id"], "updates": answer}))
                step.set(DONE + order["order_id"], answer["status"], ex=86400)  # remembered for a day
        except (ValueError, KeyError, TypeError) as error:
            print(f"not an order: {error!r} in {raw[:200]}", flush=True)
        step.lrem(PROCESSING, 1, raw).execute()
    handled += 1

try:
    for left in reversed(db.lrange(PROCESSING, 0, -1)):  # what a crash left behind, oldest first
        handle(left)
    while not args.count or handled < args.count:
        if time.monotonic() - beaten > 5:
            beat()
        if raw := db.blmove(ORDERS, PROCESSING, 1, src="RIGHT", dest="LEFT"):
            handle(raw)
except KeyboardInterrupt:
    pass
print(f"{handled} orders handled")
