#!/usr/bin/python3
"""Executes the engine's orders at a venue, on paper by default: each once, whatever breaks, because the venue knows it by the engine's own id."""
import argparse, json, signal, time, redis
from decimal import Decimal
from venues import Ambiguous, Outcome, PaperVenue, Refused, SpotVenue

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--redis", default="redis://127.0.0.1:6379/0", help="address of Redis")
parser.add_argument("--name", default="venue", help="name of this adapter; two at once need two names")
parser.add_argument("--venue", choices=("paper", "spot"), default="paper", help="where to trade; spot takes VENUE_URL, VENUE_KEY and VENUE_SECRET from the environment")
parser.add_argument("--symbols", default="BTCUSD=BTCUSDT,ETHUSD=ETHUSDT", help="engine=venue, parted by commas; for --venue spot")
args = parser.parse_args()
signal.signal(signal.SIGINT, signal.SIG_DFL)  # whenever it ends, it goes on from there
db = redis.Redis.from_url(args.redis, decode_responses=True, socket_timeout=5)
venue = PaperVenue(db) if args.venue == "paper" else SpotVenue(dict(pair.split("=", 1) for pair in args.symbols.split(",")))
PROCESSING, NOTE, HELD, WORKING = f"execution_orders:processing:{args.name}", "venue:done:", "venue:positions", f"venue:working:{args.name}"
KEEP, ENTRIES = 90000, ("open", "arbitrage", "market_making")  # orders are remembered for 25 hours, as the engine does
read, write = lambda text: json.loads(text, parse_float=Decimal), lambda value: json.dumps(value, default=float)
started, beaten, looked = time.time(), 0.0, 0.0


def note_of(order_id):
    """What is known of an order: {"sent", "status", "fills": [reports already told]}; empty where it never came."""
    return read(db.get(NOTE + order_id) or "{}")


def stands(order):
    """How an order stands after it was sent, or found, at the venue. What was meant to be sent before is looked for first."""
    order_id = order["order_id"]
    if note_of(order_id).get("sent") and (found := venue.look_up(order_id, order)):
        return found
    if order["type"] in ENTRIES and (db.hget("agent_stats:trading_engine", "mode") or "").startswith("killed"):
        return Outcome("rejected", reason="the engine was killed before this entry was sent")
    db.set(NOTE + order_id, write({"sent": True, "status": "accepted", "fills": []}), ex=KEEP)  # before, so that a crash is looked into
    try:
        return venue.place(order_id, order)
    except Refused as refused:  # said of an id that is taken, it is no refusal: the order is there
        found = venue.look_up(order_id, order) if refused.code else None
        return found or Outcome("rejected", reason=str(refused))


def tell(step, order, outcome):
    """Queues the reports of what is new, and notes them with the same transaction."""
    order_id, note = order["order_id"], note_of(order["order_id"])
    told = {report["fill_id"] for report in note.get("fills", [])}
    reports, total = list(note.get("fills", [])), Decimal(0)
    key, sign = f'{order.get("account", "default")} {order["symbol"]}', 1 if order.get("side", order["action"]) == "buy" else -1
    held = Decimal(step.hget(HELD, key) or 0)
    step.multi()
    for number, (fill_id, lots, price, commission, currency) in enumerate(outcome.fills):
        total += lots
        is_last = outcome.status == "filled" and number == len(outcome.fills) - 1
        report = {"order_id": order_id, "fill_id": fill_id, "last_quantity": lots, "last_price": price, "cumulative_quantity": total,
                  "status": "filled" if is_last else "partially_filled", "timestamp": time.time()}
        if commission:
            report |= {"commission": commission, "commission_currency": currency}
        if fill_id not in told:
            reports.append(report)
            held += sign * lots
            step.hset(HELD, key, str(held)).lpush("position_updates", write({"position_id": order["position_id"], "updates": report}))
    if outcome.status not in ("filled", "partially_filled", note.get("told")):
        report = {"order_id": order_id, "status": outcome.status, "cumulative_quantity": total, "timestamp": time.time()}
        step.lpush("position_updates", write({"position_id": order["position_id"], "updates": report | ({"reason": outcome.reason} if outcome.reason else {})}))
    step.set(NOTE + order_id, write({"sent": True, "status": outcome.status, "told": outcome.status, "fills": reports}), ex=KEEP)
    step.hdel(WORKING, order_id) if outcome.is_over else step.hset(WORKING, order_id, write(order))


def cancel(step, order):
    """Withdraws an order. One that never came here never will: nothing is sent under its id any more."""
    target, asked = order["target_order_id"], read(db.hget(WORKING, order["target_order_id"]) or "null")
    outcome = venue.cancel(target, asked) if asked else None
    if outcome and outcome.status == "cancelled":
        return tell(step, asked, outcome)
    step.multi()
    report = {"order_id": target, "status": "cancel_rejected", "reason": "not a working order", "timestamp": time.time()}
    step.lpush("position_updates", write({"position_id": order["position_id"], "updates": report}))


def reconcile(step, asked):
    notes = {order: note_of(order) for order in asked["orders"]}
    held = [(*key.split(" "), Decimal(lots)) for key, lots in step.hgetall(HELD).items() if Decimal(lots)]
    answer = {"request_id": asked["request_id"], "fills": [fill for note in notes.values() for fill in note.get("fills", [])],
              "orders": [{"order_id": order, "status": note.get("status", "not_found")} for order, note in notes.items()],
              "positions": [{"account": account, "symbol": symbol, "quantity": lots} for account, symbol, lots in held]}
    step.multi()
    step.lpush(asked["reply_to"], write(answer))


def handle(step, raw):  # what a message asks for, and its end, are one transaction
    try:
        message = read(raw)
        if message["type"] == "reconcile":
            reconcile(step, message)
        elif message["type"] == "cancel":
            cancel(step, message)
        elif not note_of(message["order_id"]).get("told"):  # else it came again
            tell(step, message, stands(message))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        print(f"not understood: {error!r} in {raw[:200]}", flush=True)
    step.lrem(PROCESSING, -1, raw)


def look_at_working():
    """What filled or ended meanwhile at the venue."""
    for raw in db.hvals(WORKING):
        order = read(raw)
        if outcome := venue.look_up(order["order_id"], order):
            db.transaction(lambda step: tell(step, order, outcome), HELD)


while True:
    try:
        if (now := time.time()) > beaten + 1:
            beaten, stats = now, {"status": "running", "start_time": started, "uptime_seconds": now - started, "last_heartbeat": now}
            db.hset("agent_stats:execution", mapping=stats | {"timestamp": now, "reconcile": "true", "venue": args.venue})
            db.lmove("reconcile_requests", PROCESSING, src="RIGHT", dest="LEFT")
        if raw := db.lindex(PROCESSING, -1) or db.blmove("execution_orders", PROCESSING, 1, src="RIGHT", dest="LEFT"):
            db.transaction(lambda step: handle(step, raw), HELD)  # begins anew where another agent came between
        if now > looked + 1:
            looked = now
            look_at_working()
    except Ambiguous as doubt:
        print(f"The venue did not say: {doubt}; it is asked again", flush=True)
        time.sleep(1)
    except redis.RedisError as error:
        print(f"Redis is away: {error}", flush=True)
        time.sleep(1)
