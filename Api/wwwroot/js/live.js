/** The stream of events: connects, goes on behind the last fact after a loss, and says how it stands. */

const KINDS = ['fact', 'status', 'tiers', 'prices', 'positions', 'agents', 'gap'];
const FIRST_WAIT = 500;
const LONGEST_WAIT = 5_000;

// Status comes each second; a stream that is silent for this long is dead, whatever the socket says.
const SILENCE = 12_000;

export class Live {
  #source = null;
  #after = null;
  #wait = FIRST_WAIT;
  #timer = null;
  #heard = 0;
  #isWanted = false;

  /**
   * @param {function(string, object)} onEvent gets kind and data
   * @param {function(string)} onPhase gets connecting, live or lost
   */
  constructor(onEvent, onPhase) {
    this.onEvent = onEvent;
    this.onPhase = onPhase;
    setInterval(() => this.#watch(), 2_000);
  }

  /** Connects; facts begin behind a cursor of the API. */
  start(after) {
    this.#isWanted = true;
    this.#after = after ?? this.#after;
    this.#open();
  }

  stop() {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #open() {
    clearTimeout(this.#timer);
    this.#source?.close();
    // A lost source is replaced by hand: the browser's own retry gives up for good on the first answer that is no stream.
    const source = new EventSource(this.#after ? `/v1/events?after=${encodeURIComponent(this.#after)}` : '/v1/events');
    this.#source = source;
    this.#heard = Date.now();
    source.addEventListener('open', () => {
      this.#wait = FIRST_WAIT;
      this.#heard = Date.now();
      this.onPhase('live');
    });
    source.addEventListener('error', () => this.#lose(source));
    for (const kind of KINDS) {
      source.addEventListener(kind, event => {
        this.#heard = Date.now();
        if (event.lastEventId) {
          this.#after = event.lastEventId;
        }
        this.onEvent(kind, JSON.parse(event.data));
      });
    }
  }

  #lose(source) {
    if (source !== this.#source || !this.#isWanted) {
      return;
    }
    source.close();
    this.onPhase('lost');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), this.#wait);
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
  }

  #watch() {
    if (this.#isWanted && this.#source?.readyState === EventSource.OPEN && Date.now() - this.#heard > SILENCE) {
      this.#lose(this.#source);
    }
  }
}
