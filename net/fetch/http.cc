#include "net/fetch/http.h"

#include <algorithm>

namespace net {

namespace {

using util::Duration;

// A program behind the server may take its time to answer; once it has begun, silence is an end.
constexpr Duration kAnswerPatience = Duration::seconds(60), kBodyPatience = Duration::seconds(30);
constexpr unsigned kMostWaits = 5;
constexpr std::uint32_t kLongestWait = 120, kUsualWait = 5;  // seconds
constexpr std::uint16_t kTooManyRequests = 429, kUnavailable = 503;

// Of an answer that is no file: its first line, for people. Longer ones are not worth reading to the end.
class FirstLine final : public FetchSink {
  public:
    util::Result<void> begin(std::optional<std::uint64_t>) override { return {}; }
    util::Result<void> write(util::Bytes data) override {
        constexpr std::size_t kLongest = 16384;
        size_ += data.size();
        if (size_ > kLongest) return kFileTooBig;
        for (char c : util::as_text(data)) {
            ended_ |= c == '\n' || c == '\r';
            if (!ended_) text_.character(c >= ' ' && c <= '~' ? c : '?');
        }
        return {};
    }
    std::string_view text() const { return text_.view(); }

  private:
    std::size_t size_ = 0;
    bool ended_ = false;
    util::Text<100> text_;
};

class HttpFetch {
  public:
    HttpFetch(FetchContext& context, FetchSink& sink)
        : context_(context), sink_(sink), requester_(context.random, context.digest) {}
    ~HttpFetch() {
        if (stream_) stream_->abort();
    }

    util::Result<void> run(const Uri& uri, const FetchRequest& request);

  private:
    util::Result<void> ask();
    util::Result<void> ask_once();
    util::Result<void> connect();
    util::Result<void> send_request();
    // Waits for the head, or reads the body to its end.
    util::Result<void> await_head();
    util::Result<void> read_body(FetchSink& sink);
    bool move(FetchSink* sink, util::Result<void>& result);
    util::Result<void> finish();
    std::uint32_t seconds_to_wait();
    void tell_status();
    void keep_connection();

    FetchContext& context_;
    FetchSink& sink_;
    HttpRequester requester_;
    HttpReader reader_;
    util::Owned<Stream> stream_;
    bool is_reused_ = false;  // the stream has served a fetch before
    unsigned waits_ = 0;
};

util::Result<void> HttpFetch::run(const Uri& uri, const FetchRequest& request) {
    if (!context_.connector) return kHttpNoConnection;
    TRY(requester_.start(uri, request));
    for (;;) {
        TRY(ask());
        auto next = requester_.follow(reader_.response());
        if (!next.ok()) tell_status();
        std::uint32_t wait = 0;
        if (TRY(std::move(next)) == HttpRequester::Next::Take) {
            wait = seconds_to_wait();
            if (!wait) return finish();
        }
        // What the server says besides is of no interest; the connection is, if that is short.
        FirstLine rest;
        if (read_body(rest).ok()) keep_connection();
        stream_.reset();
        if (wait) TRY(context_.loop.sleep(Duration::seconds(wait)));
    }
}

// A connection that was kept may be closed by the server in the very moment it is used again: then once more on a new one.
util::Result<void> HttpFetch::ask() {
    auto asked = ask_once();
    bool again = !asked.ok() && is_reused_ && !reader_.has_begun() && &asked.failure() != &util::kCancelled;
    if (!again) return asked;
    stream_.reset();
    return ask_once();
}

util::Result<void> HttpFetch::ask_once() {
    TRY(connect());
    TRY(send_request());
    return await_head();
}

util::Result<void> HttpFetch::connect() {
    const Uri& uri = requester_.uri();
    KeptStream& kept = context_.kept;
    util::Owned<Stream> old = std::move(kept.stream);
    is_reused_ = old && requester_.is_get() && old->state() == Stream::State::Open && !old->readable() &&
                 kept.port == requester_.port() && util::equal_ignoring_case(kept.host, uri.host());
    if (is_reused_) {
        stream_ = std::move(old);
        return {};
    }
    if (old) old->close();
    kept.port = requester_.port();
    TRY(kept.host.assign(uri.host()));
    Ipv4Address address = TRY(resolve_host(context_, uri));
    stream_ = TRY(context_.connector->connect({address, requester_.port()}));
    TRY(context_.loop.run_until([&] { return stream_->state() != Stream::State::Connecting; }, util::Instant::never()));
    if (stream_->state() == Stream::State::Failed) return stream_->failure();
    return {};
}

util::Result<void> HttpFetch::send_request() {
    util::String text;
    TRY(requester_.append_request(text, context_.agent, std::nullopt));
    reader_.start(HttpReader::Body::Expected);
    util::Bytes rest = util::as_bytes(text.view());
    auto sent = [&] {
        rest = rest.subspan(stream_->send(rest));
        return rest.empty() || stream_->state() != Stream::State::Open;
    };
    return context_.loop.run_until(sent, context_.loop.now() + kAnswerPatience);
}

// Takes what has arrived. False when nothing has; the result tells of a failure.
bool HttpFetch::move(FetchSink* sink, util::Result<void>& result) {
    bool moved = false;
    auto busy = sink ? HttpReader::State::Body : HttpReader::State::Head;
    while (reader_.state() == busy) {
        HttpReader::Taken taken = reader_.take(stream_->peek());
        if (!taken.count) {
            Stream::State state = stream_->state();
            if (state == Stream::State::Failed) result = stream_->failure();
            if (state == Stream::State::PeerClosed || state == Stream::State::Closed) reader_.end();
            moved |= state != Stream::State::Open;
            break;
        }
        moved = true;
        if (sink && !taken.body.empty()) result = sink->write(taken.body);
        stream_->consume(taken.count);
        if (!result.ok()) break;
    }
    if (reader_.state() == HttpReader::State::Failed && result.ok()) result = reader_.failure();
    return moved;
}

util::Result<void> HttpFetch::await_head() {
    util::Result<void> result;
    auto done = [&] { return (move(nullptr, result), !result.ok() || reader_.state() != HttpReader::State::Head); };
    auto waited = context_.loop.run_until(done, context_.loop.now() + kAnswerPatience);
    if (!waited.ok()) return &waited.failure() == &util::kTimedOut ? util::Result<void>(kHttpStalled) : waited;
    return result;
}

util::Result<void> HttpFetch::read_body(FetchSink& sink) {
    util::Result<void> result;
    while (reader_.state() == HttpReader::State::Body && result.ok()) {
        // Each time that something comes, patience begins anew.
        auto waited = context_.loop.run_until([&] { return move(&sink, result); }, context_.loop.now() + kBodyPatience);
        if (!waited.ok()) return &waited.failure() == &util::kTimedOut ? util::Result<void>(kHttpStalled) : waited;
    }
    return result;
}

// What the server has said of coming back later, and says so; 0: nothing, or too much.
std::uint32_t HttpFetch::seconds_to_wait() {
    const HttpResponse& response = reader_.response();
    bool may_pass = response.status == kUnavailable || response.status == kTooManyRequests;
    if (!may_pass || !response.retry_after) return 0;
    std::uint32_t seconds = *response.retry_after ? *response.retry_after : kUsualWait;
    if (seconds > kLongestWait || ++waits_ > kMostWaits) return 0;
    tell_status();
    std::string_view detail = context_.detail.view();
    util::print(" %v, again in %u s...", &detail, unsigned{seconds});
    return seconds;
}

void HttpFetch::tell_status() {
    const HttpResponse& response = reader_.response();
    std::string_view reason = response.reason.view();
    context_.detail.clear();
    context_.detail.format("%u %v", unsigned{response.status}, &reason);
}

util::Result<void> HttpFetch::finish() {
    const HttpResponse& response = reader_.response();
    bool success = response.status / 100 == 2;
    FirstLine words;
    if (success) TRY(sink_.begin(response.length));
    auto read = read_body(success ? static_cast<FetchSink&>(sink_) : words);
    if (read.ok()) keep_connection();
    if (success) return read;
    tell_status();
    if (response.is_plain_text && !words.text().empty()) context_.detail.text(": ").text(words.text());
    return http_failure(response.status);
}

void HttpFetch::keep_connection() {
    if (reader_.response().keeps_open && stream_->state() == Stream::State::Open && !stream_->readable())
        context_.kept.stream = std::move(stream_);
    else
        std::exchange(stream_, nullptr)->close();
}

}  // namespace

util::Result<void> fetch_http(FetchContext& context, const Uri& uri, FetchSink& sink, const FetchRequest& request) {
    return HttpFetch(context, sink).run(uri, request);
}

}  // namespace net
