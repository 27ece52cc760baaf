#!/usr/bin/python3
"""A strategy agent over lists: listens to prices and pushes strategy_signals with a stop and a target."""
import argparse, json, random, signal, threading, time, uuid, redis
args = argparse.ArgumentParser(description=__doc__)
args.add_argument("--redis", default="redis://127.0.0.1:6379/0", help="address of Redis")
args.add_argument("--symbol", default="BTCUSD")
args.add_argument("--strategy", default="momentum")
args.add_argument("--quantity", type=float, default=0.01, help="lots")
args.add_argument("--price", type=float, help="fixed price; without it the last one heard")
args.add_argument("--quotes", action="store_true", help="publish quotes as well, for an engine without a feed")
args.add_argument("--rate", type=float, default=1.0, help="signals per second")
args.add_argument("--count", type=int, default=10, help="signals to push; 0 goes on until Ctrl+C")
args.add_argument("--stop", type=float, default=0.01, help="distance of the stop, as a part of the price")
args.add_argument("--target", type=float, default=0.02, help="distance of the target, as a part of the price")
args.add_argument("--side", choices=["buy", "sell", "both"], default="both")
args = args.parse_args()
db = redis.Redis.from_url(args.redis, decode_responses=True, health_check_interval=5)
signal.signal(signal.SIGINT, signal.SIG_DFL)
MARKET, last = "strategy_engine:market_data", args.price  # last is the newest price: written by one thread, read by the other

def patiently(work):  # and again where Redis was away; a signal that is sent twice has one id, so it counts once
    while True:
        try:
            return work()
        except (redis.RedisError, ValueError, KeyError):
            time.sleep(1)

def publish_quotes():  # ten a second around the price; without a fixed one it wanders
    global last
    while True:
        last = args.price or (last or 60000.0) * (1 + random.gauss(0, 0.0002))
        quote = {"symbol": args.symbol, "category": "crypto", "bid": round(last * 0.9999, 5), "volume": 1.0,
                 "ask": round(last * 1.0001, 5), "timestamp": time.time(), "source": "sample"}
        db.publish(MARKET, json.dumps({"type": "market_data_update", "data": quote}))
        time.sleep(0.1)

def listen():  # keeps the last price of the symbol, from quotes or bars, wrapped or bare
    global last
    channel = db.pubsub(ignore_subscribe_messages=True)
    channel.subscribe(MARKET)
    for message in channel.listen():
        data = (heard := json.loads(message["data"])).get("data", heard)
        if data.get("symbol") == args.symbol:
            last = float(data["close"]) if "close" in data else (float(data["bid"]) + float(data["ask"])) / 2

if args.quotes or not args.price:
    threading.Thread(target=patiently, args=(publish_quotes if args.quotes else listen,), daemon=True).start()
sent, due = 0, time.monotonic() + (1 if args.quotes else 0)  # an engine hears a price before the first signal
while not args.count or sent < args.count:
    time.sleep(max(0, due - time.monotonic()) if last else 0.05)
    if last:
        side = random.choice(["buy", "sell"]) if args.side == "both" else args.side
        up, price, due = 1 if side == "buy" else -1, last, max(due, time.monotonic() - 1) + 1 / args.rate
        message = json.dumps({
            "signal_id": uuid.uuid4().hex, "action": side, "symbol": args.symbol, "entry_price": round(price, 5),
            "stop_loss": round(price * (1 - up * args.stop), 5), "take_profit": round(price * (1 + up * args.target), 5),
            "quantity": args.quantity, "strategy": args.strategy, "confidence": 0.8, "timestamp": time.time()})
        patiently(lambda: db.lpush("strategy_signals", message))
        sent += 1
print(f"{sent} signals pushed")
