#include "net/fetch/http_download.h"

#include <algorithm>

namespace net {

namespace {

using util::Duration;

// A program behind the server may take its time to answer; once it has begun, silence is an end.
constexpr Duration kAnswerPatience = Duration::seconds(60), kBodyPatience = Duration::seconds(30);
constexpr unsigned kMostWaits = 5, kMostResumes = 5;
constexpr std::uint32_t kLongestWait = 120, kUsualWait = 5;  // seconds
constexpr std::uint16_t kPartialContent = 206, kTooManyRequests = 429, kUnavailable = 503;

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

}  // namespace

util::Result<void> HttpDownload::open(const Uri& uri, const FetchRequest& request) {
    if (!context_.connector) return kHttpNoConnection;
    TRY(requester_.start(uri, request));
    TRY(request_it());
    const HttpResponse& response = reader_.response();
    if (response.status / 100 != 2) return fail_by_status();
    size_ = response.length;
    return validator_.assign(response.validator_text.view());
}

util::Result<void> HttpDownload::request_it() {
    for (;;) {
        TRY(ask());
        auto next = requester_.follow(reader_.response());
        if (!next.ok()) tell_status();
        std::uint32_t wait = 0;
        if (TRY(std::move(next)) == HttpRequester::Next::Take) {
            wait = seconds_to_wait();
            if (!wait) return {};
        }
        // What the server says besides is of no interest; the connection is, if that is short.
        FirstLine rest;
        auto body = read_body(rest);
        if (body.ok()) keep_connection();
        else if (&body.failure() == &util::kCancelled) return body;
        stream_.reset();
        if (wait) TRY(context_.loop.sleep(Duration::seconds(wait)));
    }
}

// A connection that was kept may be closed by the server in the very moment it is used again: then once more on a new one.
util::Result<void> HttpDownload::ask() {
    auto asked = ask_once();
    bool again = !asked.ok() && is_reused_ && !reader_.has_begun() && &asked.failure() != &util::kCancelled;
    if (!again) return asked;
    stream_.reset();
    return ask_once();
}

util::Result<void> HttpDownload::ask_once() {
    TRY(connect());
    TRY(send_request());
    return await_head();
}

util::Result<void> HttpDownload::connect() {
    const Uri& uri = requester_.uri();
    KeptStream& kept = context_.kept;
    util::Owned<Stream> old = std::move(kept.stream);
    is_reused_ = old && requester_.is_get() && old->state() == Stream::State::Open && !old->readable() &&
                 is_same_server(TRY(Uri::parse(kept.uri)), uri);
    TRY(kept.uri.assign(uri.text()));
    if (is_reused_) {
        stream_ = std::move(old);
        return {};
    }
    if (old) old->close();
    Ipv4Address address = TRY(resolve_host(context_, uri));
    stream_ = TRY(context_.connector->connect({address, requester_.port()}));
    TRY(await_connection());
    if (!requester_.is_secure()) return {};
    stream_ = TRY(context_.securer->secure(std::move(stream_), uri.host(), context_.detail));
    return await_connection();
}

util::Result<void> HttpDownload::await_connection() {
    TRY(context_.loop.run_until([&] { return stream_->state() != Stream::State::Connecting; }, util::Instant::never()));
    if (stream_->state() == Stream::State::Failed) return stream_->failure();
    return {};
}

util::Result<void> HttpDownload::send_request() {
    util::String text;
    std::optional<HttpRequester::Range> range;
    if (received_) range = {received_, HttpRequester::Range::kToTheEnd, validator_.view()};
    TRY(requester_.append_request(text, context_.agent, range));
    reader_.start(HttpReader::Body::Expected);
    util::Bytes rest = util::as_bytes(text.view());
    auto sent = [&] {
        rest = rest.subspan(stream_->send(rest));
        return rest.empty() || stream_->state() != Stream::State::Open;
    };
    return context_.loop.run_until(sent, context_.loop.now() + kAnswerPatience);
}

util::Result<void> HttpDownload::Moved::result() const {
    if (broken) return *broken;
    if (refused) return *refused;
    return {};
}

// Takes what has arrived: of the head, without a sink, or of the body.
HttpDownload::Moved HttpDownload::move(FetchSink* sink, std::size_t most) {
    Moved moved;
    auto busy = sink ? HttpReader::State::Body : HttpReader::State::Head;
    while (reader_.state() == busy && most && !moved.refused) {
        util::Bytes arrived = stream_->peek();
        HttpReader::Taken taken = reader_.take(arrived.first(std::min(most, arrived.size())));
        if (!taken.count) {
            Stream::State state = stream_->state();
            if (state == Stream::State::Failed) moved.broken = &stream_->failure();
            if (state == Stream::State::PeerClosed || state == Stream::State::Closed) reader_.end();
            moved.any |= state != Stream::State::Open;
            break;
        }
        moved.any = true;
        if (sink) most -= taken.body.size();
        if (sink && !taken.body.empty())
            if (auto written = sink->write(taken.body); !written.ok()) moved.refused = &written.failure();
        if (sink) received_ += taken.body.size();
        stream_->consume(taken.count);
    }
    if (reader_.state() == HttpReader::State::Failed && !moved.broken) moved.broken = &reader_.failure();
    if (sink && answer_ended() && is_short()) moved.broken = &kHttpShort;
    return moved;
}

util::Result<void> HttpDownload::await_head() {
    Moved moved;
    auto done = [&] { return (moved = move(nullptr, SIZE_MAX), !moved.result().ok() || reader_.state() != HttpReader::State::Head); };
    auto waited = context_.loop.run_until(done, context_.loop.now() + kAnswerPatience);
    if (!waited.ok()) return &waited.failure() == &util::kTimedOut ? util::Result<void>(kHttpStalled) : waited;
    return moved.result();
}

// Of an answer that is of no interest.
util::Result<void> HttpDownload::read_body(FetchSink& sink) {
    std::uint64_t received = received_;
    Moved moved;
    while (reader_.state() == HttpReader::State::Body && moved.result().ok()) {
        auto waited = context_.loop.run_until([&] { return (moved = move(&sink, SIZE_MAX)).any; }, context_.loop.now() + kBodyPatience);
        if (!waited.ok()) return waited;
    }
    received_ = received;
    return moved.result();
}

util::Result<void> HttpDownload::read(FetchSink& sink) {
    while (!done()) {
        Moved moved;
        // Each time that something comes, patience begins anew.
        auto waited = context_.loop.run_until([&] { return (moved = move(&sink, SIZE_MAX), moved.any || !moved.result().ok()); },
                                              context_.loop.now() + kBodyPatience);
        if (!waited.ok() && &waited.failure() != &util::kTimedOut) return waited;
        if (moved.refused) return *moved.refused;
        const util::Failure* broken = waited.ok() ? moved.broken : &kHttpStalled;
        if (broken) TRY(resume(*broken));
    }
    keep_connection();
    return {};
}

util::Result<bool> HttpDownload::take(FetchSink& sink, std::size_t most) {
    if (done()) return false;
    Moved moved = move(&sink, most);
    if (moved.refused) return *moved.refused;
    if (moved.broken) TRY(resume(*moved.broken));
    return moved.any;
}

// That it is of the same file is seen here as well: some servers know ranges, and not the condition.
bool HttpDownload::is_the_rest() const {
    const HttpResponse& response = reader_.response();
    if (response.status != kPartialContent || !response.range || response.range->first != received_) return false;
    if (size_ && response.range->size && *response.range->size != *size_) return false;
    std::string_view before = validator_.view(), now = response.validator_text.view();
    return now.empty() || now.starts_with('"') != before.starts_with('"') || now == before;
}

// RFC 9110 section 13.1.5: from there on if it is still the same, else all of it, which is of no use to anybody who has the beginning.
util::Result<void> HttpDownload::resume(const util::Failure& broken) {
    bool nonsense = &broken == &kHttpMalformed || &broken == &kHttpHeadTooLong || &broken == &util::kOutOfMemory;
    while (received_ && !validator_.empty() && requester_.is_get() && !nonsense && resumes_ < kMostResumes) {
        // At once, as servers close connections when they are restarted; then later and later, as cables are put back.
        TRY(context_.loop.sleep(Duration::seconds(resumes_ * 2)));
        ++resumes_;
        util::print(" interrupted, going on...");
        drop_connection();
        auto asked = request_it();
        if (!asked.ok()) {
            if (&asked.failure() == &util::kCancelled) return asked;
            continue;
        }
        const HttpResponse& response = reader_.response();
        if (is_the_rest()) return {};
        return response.status / 100 == 2 ? util::Result<void>(kHttpChanged) : fail_by_status();
    }
    return broken;
}

// What the server has said of coming back later, and says so; 0: nothing, or too much.
std::uint32_t HttpDownload::seconds_to_wait() {
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

void HttpDownload::tell_status() {
    const HttpResponse& response = reader_.response();
    std::string_view reason = response.reason.view();
    context_.detail.clear();
    context_.detail.format("%u %v", unsigned{response.status}, &reason);
}

util::Result<void> HttpDownload::fail_by_status() {
    FirstLine words;
    if (read_body(words).ok()) keep_connection();
    const HttpResponse& response = reader_.response();
    tell_status();
    if (response.is_plain_text && !words.text().empty()) context_.detail.text(": ").text(words.text());
    return http_failure(response.status);
}

void HttpDownload::keep_connection() {
    if (!stream_) return;
    if (reader_.response().keeps_open && stream_->state() == Stream::State::Open && !stream_->readable())
        context_.kept.stream = std::move(stream_);
    else
        std::exchange(stream_, nullptr)->close();
}

}  // namespace net
