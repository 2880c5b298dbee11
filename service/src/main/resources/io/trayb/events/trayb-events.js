/**
 * Follows Trayb's events from a web page: over a stream where that works, by long polling where it doesn't, with one connection for
 * all tabs where the browser lets it. No dependencies. See docs/browser-client.md.
 *
 *   import { connect } from '/client/trayb-events.js';
 *   const connection = connect({ topics: ['queue:mail'], onReady: readState, onGap: readState, onEvent: show });
 *
 * How it keeps its promise of "each event once, or inside a gap that was told": every change of transport, of tab or of server goes on
 * from a cursor, and what comes twice on the way is told by its id and left out. Nothing is promised before the first cursor is known,
 * which is when onReady is called.
 */

/** What tabs say to each other; tabs with another version of this module keep to themselves. */
const PROTOCOL = 1;

/** How long at most between two attempts, in milliseconds. */
const LONGEST_PAUSE = 30_000;

/** After how many failures in a row a stream is taken for something that doesn't work here, and polling is tried. */
const ENOUGH_FAILURES = 3;

/** How long after that it is tried again at first: it may only have been the server that was away. It grows up to RETURN_AFTER. */
const FIRST_RETURN = 2_000;

/** How long after a stream turned out not to work it is tried again, and how far that grows. */
const RETURN_AFTER = 60_000;
const LONGEST_RETURN = 600_000;

const POLL_TIMEOUT = 25_000;
const MOST_TOPICS = 50;

/**
 * Begins to follow events. All options but `topics` may be left out.
 *
 * topics      1 to 50 of `jobs`, `queue:NAME` and `job:ID`
 * after       a cursor to go on from; without one it begins with what comes from now on
 * onReady     () called once, when the first cursor is known: read the state now, nothing is missed from here on
 * onEvent     ({id, name, data}) for each event, in order; `data` is an object, `id` the cursor after it
 * onGap       ({reason, dropped}) events may be missing just here: read the state again
 * onState     (state) 'connecting', 'streaming', 'polling', 'waiting' or 'closed'
 * onError     (error) why an attempt failed; `error.fatal` when there won't be another
 * url         where the events are; by default beside where this module came from
 * ticket      async (topics) → a ticket from POST …/tickets, fetched anew for each request
 * headers     () → headers for each request, such as Authorization
 * share       false: a connection of this page's own, instead of one for all tabs
 * group       pages whose users differ must not share: give each user's another name
 * heartbeatMs how often the server gives a sign of life; 15000 unless events.heartbeat was changed
 * returnMs    how long after a failed stream it is tried again; 60000
 */
export function connect(options) {
  return new Connection(options);
}

/** One page's subscription. */
class Connection {
  #options;
  #cursor;
  #state = 'connecting';
  #ready = false;
  #source;

  constructor(options) {
    const topics = [...new Set(options.topics ?? [])];
    if (topics.length < 1 || topics.length > MOST_TOPICS) {
      throw new TypeError(`topics has ${topics.length}, it must have 1 to ${MOST_TOPICS}`);
    }
    const url = new URL(options.url ?? '../api/v1/events', options.url ? document.baseURI : import.meta.url).href;
    const heartbeatMs = options.heartbeatMs ?? 15_000;
    this.#options = { returnMs: RETURN_AFTER, group: '', ...options, topics, url, heartbeatMs };
    this.#cursor = options.after ?? null;
    const sharing = options.share !== false && 'BroadcastChannel' in globalThis && 'locks' in navigator;
    this.#source = sharing ? new SharedSource(this.#options, this) : new Line(this.#options, topics, this.#cursor, this);
    this.#source.start();
  }

  /** Everything up to here has been given to onEvent. Null before onReady. */
  get cursor() {
    return this.#cursor;
  }

  get state() {
    return this.#state;
  }

  /** Ends it; nothing is called any more. */
  close() {
    if (this.#state !== 'closed') {
      this.#source.stop();
      this.takeState('closed');
    }
  }

  /** Goes on without the other tabs, from where this page stands. */
  goAlone() {
    if (this.#state !== 'closed') {
      this.#source.stop();
      this.#source = new Line(this.#options, this.#options.topics, this.#cursor, this);
      this.#source.start();
    }
  }

  // What a source says.

  takeEvent(event) {
    if (this.#state === 'closed' || !isAfter(event.id, this.#cursor)) {
      return;
    }
    this.#cursor = event.id;
    if (isOn(this.#options.topics, event.data)) {
      this.#call('onEvent', event);
    }
  }

  takePosition(cursor) {
    if (this.#state === 'closed') {
      return;
    }
    if (isAfter(cursor, this.#cursor)) {
      this.#cursor = cursor;
    }
    if (!this.#ready) {
      this.#ready = true;
      this.#call('onReady');
    }
  }

  takeGap(gap) {
    if (this.#state !== 'closed') {
      this.#call('onGap', gap);
    }
  }

  takeState(state) {
    if (this.#state !== state && this.#state !== 'closed') {
      this.#state = state;
      this.#call('onState', state);
    }
  }

  takeError(error) {
    if (this.#state !== 'closed') {
      this.#call('onError', error);
      if (error.fatal) {
        this.close();
      }
    }
  }

  /** A page's own mistake must not keep the next event from it. */
  #call(name, ...values) {
    try {
      this.#options[name]?.(...values);
    } catch (mistake) {
      reportError(mistake);
    }
  }
}

/** A connection to the server: a stream, or polls. Tells its sink what comes, each event with a cursor that is after the last. */
class Line {
  #options;
  #topics;
  #cursor;
  #sink;
  #silence;
  #stopped = false;
  #round = null;
  #wake = null;
  #failures = 0;
  #streamAgainAt = 0;
  #mutes = 0;
  #doubts = 0;
  #online = () => this.#wake?.();

  constructor(options, topics, cursor, sink) {
    this.#options = options;
    this.#topics = topics;
    this.#cursor = cursor;
    this.#sink = sink;
    // Two heartbeats, and something for the way.
    this.#silence = 2 * options.heartbeatMs + Math.min(5_000, options.heartbeatMs);
  }

  get cursor() {
    return this.#cursor;
  }

  get topics() {
    return this.#topics;
  }

  start() {
    globalThis.addEventListener('online', this.#online);
    this.#run();
  }

  stop() {
    this.#stopped = true;
    globalThis.removeEventListener('online', this.#online);
    this.#round?.abort();
    this.#wake?.();
  }

  /** Connects anew, for other topics or from an earlier place. */
  restart(topics, cursor) {
    this.#topics = topics;
    this.#cursor = cursor;
    this.#round?.abort();
    this.#wake?.();
  }

  async #run() {
    while (!this.#stopped) {
      const round = new AbortController();
      this.#round = round;
      try {
        if (now() < this.#streamAgainAt) {
          await this.#poll(round);
        } else {
          this.#sink.takeState('connecting');
          await this.#stream(round.signal, () => {});
        }
      } catch (failure) {
        if (!round.signal.aborted) {
          await this.#recover(failure);
        }
      } finally {
        // Whatever of this round is still under way has nothing to say any more.
        round.abort();
      }
    }
  }

  /** Reads a stream until it ends, which is always a failure. `onAlive` is called with its first block. */
  async #stream(outer, onAlive) {
    const attempt = follower(outer);
    const watchdog = new Watchdog(this.#silence, () => attempt.abort());
    let alive = false;
    try {
      const response = await this.#ask('', 'text/event-stream', {}, attempt.signal);
      const parser = new StreamParser();
      const text = response.body.pipeThrough(new TextDecoderStream('utf-8', { ignoreBOM: true })).getReader();
      for (;;) {
        const { done, value } = await text.read();
        if (done) {
          throw new Failure('the stream ended');
        }
        watchdog.feed();
        for (const block of parser.push(value)) {
          if (!alive) {
            alive = true;
            onAlive();
            this.#failures = 0;
            this.#mutes = 0;
            this.#doubts = 0;
            this.#sink.takeState('streaming');
          }
          this.#takeBlock(block, parser.retry);
        }
      }
    } catch (failure) {
      if (watchdog.barked && !outer.aborted) {
        throw new Failure('the stream was silent for longer than two heartbeats', { mute: true });
      }
      throw Failure.of(failure, { stream: true, alive });
    } finally {
      watchdog.stop();
      attempt.abort();
    }
  }

  #takeBlock(block, retry) {
    if (block.event === 'close' && block.data !== null) {
      throw new Failure('the server ended the stream', { closed: JSON.parse(block.data).reason, retry });
    }
    if (block.event === 'gap' && block.data !== null) {
      this.#sink.takeGap(JSON.parse(block.data));
    } else if (block.data !== null) {
      this.#takeEvent({ id: block.id, name: block.event, data: JSON.parse(block.data) });
    } else if (block.id !== null) {
      this.#takePosition(block.id);
    }
  }

  /** Polls, and once it is time tries a stream beside it, which takes over with its first block. */
  async #poll(round) {
    const polling = follower(round.signal);
    const tryStream = () =>
      this.#stream(round.signal, () => polling.abort()).catch((failure) => {
        if (polling.signal.aborted) {
          throw failure;
        }
        this.#notNow(Failure.of(failure));
        return again();
      });
    const again = () => pause(this.#streamAgainAt - now(), round.signal).then(tryStream);
    const stream = again();
    stream.catch(() => {}); // It is awaited below, or nobody wants it any more.
    this.#sink.takeState('polling');
    try {
      while (!polling.signal.aborted) {
        await this.#pollOnce(polling.signal);
      }
    } catch (failure) {
      if (!polling.signal.aborted) {
        throw failure;
      }
    }
    await stream;
  }

  async #pollOnce(outer) {
    const attempt = follower(outer);
    const watchdog = new Watchdog(POLL_TIMEOUT + this.#silence, () => attempt.abort());
    try {
      const parameters = { timeoutMs: String(POLL_TIMEOUT) };
      const response = await this.#ask('/poll', 'application/json', parameters, attempt.signal);
      const answer = await response.json();
      if (outer.aborted) {
        return;
      }
      this.#failures = 0;
      if (answer.gap) {
        this.#sink.takeGap({ reason: 'unknown', dropped: null });
      }
      for (const event of answer.events) {
        this.#takeEvent({ id: event.id, name: event.event, data: event.data });
      }
      this.#takePosition(answer.cursor);
    } catch (failure) {
      throw watchdog.barked && !outer.aborted ? new Failure('a poll was never answered') : Failure.of(failure);
    } finally {
      watchdog.stop();
      attempt.abort();
    }
  }

  #takeEvent(event) {
    if (isAfter(event.id, this.#cursor)) {
      this.#cursor = event.id;
      this.#sink.takeEvent(event);
    }
  }

  #takePosition(cursor) {
    if (isAfter(cursor, this.#cursor)) {
      this.#cursor = cursor;
    }
    this.#sink.takePosition(this.#cursor);
  }

  async #ask(path, accept, parameters, signal) {
    const query = new URLSearchParams(parameters);
    this.#topics.forEach((topic) => query.append('topic', topic));
    if (this.#cursor !== null) {
      query.set('after', this.#cursor);
    }
    if (this.#options.ticket) {
      query.set('ticket', await this.#options.ticket([...this.#topics]));
    }
    const headers = { ...this.#options.headers?.(), Accept: accept };
    const response = await fetch(`${this.#options.url}${path}?${query}`, { headers, signal, cache: 'no-store' });
    if (!response.ok) {
      throw await Failure.refused(response, Boolean(this.#options.ticket));
    }
    return response;
  }

  /** What to do after a round has failed: what comes next, and when. */
  async #recover(failure) {
    const cause = Failure.of(failure);
    this.#failures += 1;
    if (cause.closed === undefined) {
      this.#sink.takeError(cause);
    }
    if (cause.fatal || this.#stopped) {
      this.stop();
      return;
    }
    if (cause.closed !== undefined && cause.closed !== 'disabled') {
      // The server spreads its clients' return itself, so its word is kept to the letter.
      await this.#wait(cause.retry ?? this.#jitter(1_000));
      return;
    }
    const refusedStream = cause.stream && (cause.status === 429 || cause.status >= 500);
    if (cause.mute || cause.closed === 'disabled' || refusedStream) {
      // Polling may well work, so it begins at once.
      this.#notNow(cause);
      return;
    }
    if (cause.stream && this.#failures >= ENOUGH_FAILURES) {
      const returnMs = Math.min(this.#options.returnMs, FIRST_RETURN * 2 ** this.#doubts);
      this.#doubts += 1;
      this.#streamAgainAt = now() + this.#jitter(returnMs);
    }
    const pauseMs = this.#jitter(Math.min(LONGEST_PAUSE, 1_000 * 2 ** (this.#failures - 1)));
    await this.#wait(Math.max(pauseMs, cause.retryAfterMs ?? 0));
  }

  /** Streams don't work at present; says when to try again. */
  #notNow(cause) {
    let pauseMs = cause.retryAfterMs ?? cause.retry ?? this.#options.returnMs;
    if (cause.mute) {
      pauseMs = Math.min(LONGEST_RETURN, this.#options.returnMs * 2 ** this.#mutes);
      this.#mutes += 1;
    }
    pauseMs = Math.min(pauseMs, Math.max(this.#options.returnMs, LONGEST_RETURN));
    // So that all who were turned away together don't come back together.
    this.#streamAgainAt = now() + pauseMs + this.#jitter(pauseMs / 4);
  }

  /** Full jitter: anything from nothing to the bound. */
  #jitter(bound) {
    return Math.random() * bound;
  }

  async #wait(milliseconds) {
    this.#sink.takeState('waiting');
    const waking = new AbortController();
    this.#wake = () => waking.abort();
    await pause(milliseconds, waking.signal).catch(() => {});
    this.#wake = null;
  }
}

/**
 * One line for all tabs of a group: the tab that holds the group's lock leads it and tells the others what comes. When it goes, the
 * browser gives the lock to the next, which goes on from the cursor of whoever is furthest behind; everybody leaves out what they have
 * had. A tab that hears nothing of a leader for too long goes alone.
 */
class SharedSource {
  #options;
  #connection;
  #id = crypto.randomUUID();
  #key;
  #channel;
  #leaving = new AbortController();
  #end = null;
  #line = null;
  #members = new Map();
  #beats = 0;
  #state = 'connecting';
  #watchdog;
  #timer = null;
  #restarting = null;
  #leave = () => this.#say({ type: 'leave' });

  constructor(options, connection) {
    this.#options = options;
    this.#connection = connection;
    this.#key = `trayb-events/${PROTOCOL}/${options.url}/${options.group}`;
  }

  start() {
    this.#channel = new BroadcastChannel(this.#key);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    // A hidden page's timers come once a minute, so the leader's sign of life may too.
    const patience = Math.max(120_000, 8 * this.#options.heartbeatMs);
    this.#watchdog = new Watchdog(patience, () => this.#goAlone());
    globalThis.addEventListener('pagehide', this.#leave);
    this.#join();
    navigator.locks
      .request(this.#key, { signal: this.#leaving.signal }, () => this.#lead())
      .catch((failure) => {
        if (!this.#leaving.signal.aborted) {
          // Such as a page that may not use locks.
          this.#goAlone();
          console.debug('Trayb: tabs can\'t share a connection here', failure);
        }
      });
  }

  stop() {
    this.#leaving.abort();
    globalThis.removeEventListener('pagehide', this.#leave);
    this.#watchdog.stop();
    clearInterval(this.#timer);
    clearTimeout(this.#restarting);
    this.#leave();
    this.#channel.onmessage = null;
    this.#line?.stop();
    this.#channel.close();
    this.#end?.();
  }

  #goAlone() {
    this.#connection.goAlone();
  }

  #say(message) {
    try {
      this.#channel.postMessage({ from: this.#id, ...message });
    } catch (closed) {
      // The page is on its way out.
      console.debug('Trayb: nothing can be said to other tabs any more', closed);
    }
  }

  #join() {
    this.#say({ type: 'join', topics: this.#options.topics, cursor: this.#connection.cursor });
  }

  #hear(message) {
    if (this.#line) {
      this.#hearAsLeader(message);
    } else {
      this.#hearAsMember(message);
    }
  }

  // As one of those that are told.

  #hearAsMember(message) {
    switch (message.type) {
      case 'join':
        // Whoever will lead next must know of it too; it joins again then.
        return;
      case 'lead':
        this.#join();
        break;
      case 'beat':
        this.#join();
        this.#connection.takeState(message.state);
        break;
      case 'welcome':
        if (message.to === this.#id) {
          this.#connection.takeState(message.state);
          if (message.gap) {
            this.#connection.takeGap(message.gap);
          }
          if (message.cursor !== null) {
            this.#connection.takePosition(message.cursor);
          }
        }
        break;
      case 'full':
        if (message.to === this.#id) {
          this.#goAlone();
          return;
        }
        break;
      case 'event':
        // Before the first position this page has been promised nothing.
        if (this.#connection.cursor !== null) {
          this.#connection.takeEvent(message.event);
        }
        break;
      case 'position':
        if (this.#connection.cursor !== null) {
          this.#connection.takePosition(message.cursor);
        }
        break;
      case 'gap':
        this.#connection.takeGap(message.gap);
        break;
      case 'state':
        this.#connection.takeState(message.state);
        break;
      case 'failed':
        // What a leader may not, this page may, perhaps.
        this.#goAlone();
        return;
      default:
        return;
    }
    this.#watchdog.feed();
  }

  // As the one that leads.

  async #lead() {
    if (this.#leaving.signal.aborted) {
      return;
    }
    this.#watchdog.stop();
    const ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#line = new Line(this.#options, this.#options.topics, this.#connection.cursor, this);
    this.#say({ type: 'lead' });
    // Others who wait for the lock may have a cursor further back.
    const { pending } = await navigator.locks.query();
    const others = pending.some((request) => request.name === this.#key);
    await pause(others ? 200 : 0, this.#leaving.signal).catch(() => {});
    if (!this.#leaving.signal.aborted) {
      this.#line.start();
      this.#timer = setInterval(() => this.#beat(), this.#options.heartbeatMs);
    }
    await ended;
  }

  #hearAsLeader(message) {
    if (message.type === 'leave') {
      this.#members.delete(message.from);
    } else if (message.type === 'join') {
      this.#welcome(message);
    }
  }

  #welcome({ from, topics, cursor }) {
    const others = [...this.#members].flatMap(([id, member]) => (id === from ? [] : member.topics));
    const all = new Set([...this.#options.topics, ...others, ...topics]);
    if (all.size > MOST_TOPICS) {
      this.#say({ type: 'full', to: from });
      return;
    }
    const known = this.#members.has(from);
    this.#members.set(from, { topics, beat: this.#beats });
    const present = this.#line.cursor;
    const more = topics.some((topic) => !this.#line.topics.includes(topic));
    const behind = !known && cursor !== null && (present === null || isAfter(present, cursor));
    const otherEpoch = behind && present !== null && epochOf(present) !== epochOf(cursor);
    if (more || (behind && !otherEpoch)) {
      // All that comes again by this is left out by those who had it.
      this.#line.restart([...all], behind && !otherEpoch ? cursor : present ?? cursor);
    }
    if (!known || cursor === null) {
      const gap = otherEpoch ? { reason: 'log-lost', dropped: null } : null;
      this.#say({ type: 'welcome', to: from, cursor: cursor === null || otherEpoch ? present : cursor, gap, state: this.#state });
    }
  }

  #beat() {
    this.#beats += 1;
    for (const [id, member] of this.#members) {
      if (this.#beats - member.beat > 8) {
        this.#members.delete(id);
      }
    }
    this.#say({ type: 'beat', state: this.#state });
  }

  // What the line says, told to all and to this page.

  takeEvent(event) {
    this.#say({ type: 'event', event });
    this.#connection.takeEvent(event);
  }

  takePosition(cursor) {
    const first = this.#connection.cursor === null;
    this.#say({ type: 'position', cursor });
    this.#connection.takePosition(cursor);
    if (first) {
      // Those who came before there was a cursor have none yet.
      this.#say({ type: 'lead' });
    }
  }

  takeGap(gap) {
    this.#say({ type: 'gap', gap });
    this.#connection.takeGap(gap);
  }

  takeState(state) {
    this.#state = state;
    this.#say({ type: 'state', state });
    this.#connection.takeState(state);
  }

  takeError(error) {
    if (error.fatal) {
      this.#say({ type: 'failed' });
    }
    this.#connection.takeError(error);
  }
}

/** Why an attempt failed, and what that says about the next one. */
class Failure extends Error {
  constructor(message, facts = {}) {
    super(message, facts.cause ? { cause: facts.cause } : undefined);
    this.name = 'TraybEventsError';
    this.fatal = false;
    Object.assign(this, facts);
  }

  static of(failure, facts = {}) {
    return failure instanceof Failure
      ? Object.assign(failure, facts)
      : new Failure(failure?.message ?? String(failure), { cause: failure, ...facts });
  }

  static async refused(response, hasTickets) {
    const { status } = response;
    // Another ticket may be good where this one was not.
    const fatal = status === 400 || status === 403 || (status === 401 && !hasTickets);
    const seconds = Number(response.headers.get('Retry-After') ?? NaN);
    const problem = await response.json().catch(() => ({}));
    return new Failure(problem.detail ?? `the server answered ${status}`, {
      status,
      fatal,
      retryAfterMs: Number.isFinite(seconds) ? seconds * 1_000 : undefined,
    });
  }
}

/**
 * The event stream format of the HTML standard ("Server-sent events"), with one difference: a block with an id and without data is
 * given out too, since such a block is Trayb's heartbeat. `retry` is the last one that the stream had.
 */
export class StreamParser {
  retry;
  #rest = '';
  #begun = false;
  #afterCr = false;
  #id = null;
  #data = [];
  #event = '';

  /** Takes a piece of the stream, cut anywhere, and returns the blocks that are complete by it: {id, event, data}. */
  push(text) {
    let input = text;
    if (!this.#begun && input !== '') {
      this.#begun = true;
      input = input.startsWith('\uFEFF') ? input.slice(1) : input;
    }
    const blocks = [];
    let start = 0;
    for (let i = 0; i < input.length; i += 1) {
      const character = input[i];
      const secondOfPair = character === '\n' && this.#afterCr;
      this.#afterCr = character === '\r';
      if (secondOfPair) {
        start = i + 1;
      } else if (character === '\n' || character === '\r') {
        this.#line(this.#rest + input.slice(start, i), blocks);
        this.#rest = '';
        start = i + 1;
      }
    }
    this.#rest += input.slice(start);
    return blocks;
  }

  #line(line, blocks) {
    if (line === '') {
      this.#dispatch(blocks);
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) {
      return;
    }
    const field = colon < 0 ? line : line.slice(0, colon);
    const rest = colon < 0 ? '' : line.slice(colon + 1);
    const value = rest.startsWith(' ') ? rest.slice(1) : rest;
    if (field === 'data') {
      this.#data.push(value);
    } else if (field === 'event') {
      this.#event = value;
    } else if (field === 'id' && !value.includes('\0')) {
      this.#id = value;
    } else if (field === 'retry' && /^[0-9]+$/.test(value)) {
      this.retry = Number(value);
    }
  }

  #dispatch(blocks) {
    // An event's name without data is dropped, as the standard has it; an empty `data` line is data.
    const data = this.#data.length === 0 ? null : this.#data.join('\n');
    if (data !== null || this.#event === '') {
      blocks.push({ id: this.#id, event: this.#event === '' ? 'message' : this.#event, data });
    }
    this.#data = [];
    this.#event = '';
  }
}

/** Barks once when it hasn't been fed for so long. */
class Watchdog {
  barked = false;
  #patience;
  #bark;
  #timer;

  constructor(patience, bark) {
    this.#patience = patience;
    this.#bark = bark;
    this.feed();
  }

  feed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.barked = true;
      this.#bark();
    }, this.#patience);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

/** A controller that is aborted with another's signal, or for itself. */
function follower(outer) {
  const inner = new AbortController();
  if (outer.aborted) {
    inner.abort();
  } else {
    outer.addEventListener('abort', () => inner.abort(), { once: true, signal: inner.signal });
  }
  return inner;
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(resolve, Math.max(0, milliseconds));
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}

function now() {
  return performance.now();
}

/** Whether an event is on one of these topics. */
function isOn(topics, data) {
  return topics.includes('jobs') || topics.includes(`queue:${data.queue}`) || topics.includes(`job:${data.jobId}`);
}

/** `<epoch>-<ms>-<seq>` */
function epochOf(cursor) {
  return cursor.slice(0, cursor.indexOf('-'));
}

/** Whether a cursor says more than another: it is further on in the same epoch, or of another one. */
function isAfter(cursor, other) {
  if (other === null || epochOf(cursor) !== epochOf(other)) {
    return true;
  }
  const [ms, seq] = placeOf(cursor);
  const [otherMs, otherSeq] = placeOf(other);
  return ms > otherMs || (ms === otherMs && seq > otherSeq);
}

function placeOf(cursor) {
  const [, ms, seq] = cursor.split('-');
  return [Number(ms), BigInt(seq)];
}
