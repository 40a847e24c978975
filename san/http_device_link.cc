// HttpDevice's connection: made when something is wanted, made anew when it is lost, given up when patience ends.
#include <algorithm>

#include "san/http_device.h"
#include "san/iscsi_failures.h"

namespace san {

using util::Duration;

static constexpr Duration kSilence = Duration::seconds(20);
static constexpr Duration kFirstDelay = Duration::milliseconds(250), kLongestDelay = Duration::seconds(4);
static constexpr Duration kPatience = Duration::seconds(300);

void HttpDevice::connect() {
    state_ = State::Resolving;
    query_.start(requester_.uri().host(), context_.loop.now());
}

void HttpDevice::follow_query() {
    using Query = net::DnsQuery::State;
    if (query_.state() == Query::Asking) return;
    if (query_.state() == Query::Failed) return link_failed("resolve", query_.failure());
    address_ = query_.address();
    auto stream = context_.connector->connect({address_, requester_.port()});
    if (!stream.ok()) return link_failed("connect", stream.failure());
    stream_ = stream.take();
    is_secured_ = false;
    state_ = State::Connecting;
}

void HttpDevice::secure() {
    auto stream = context_.securer->secure(std::move(stream_), requester_.uri().host(), context_.detail);
    if (!stream.ok()) return link_failed("TLS", stream.failure());
    stream_ = stream.take();
    is_secured_ = true;
}

void HttpDevice::follow_connecting() {
    if (stream_->state() == net::Stream::State::Connecting) return;
    if (stream_->state() == net::Stream::State::Failed) return link_failed(is_secured_ ? "TLS" : "connect", stream_->failure());
    if (requester_.is_secure() && !is_secured_) return secure();
    state_ = State::Open;
    depth_ = 1;
    flights_ = 0;
    heard_at_ = clock_.now();
    begin_answer();
}

void HttpDevice::begin_answer() {
    reader_.start(net::HttpReader::Body::Expected);
    received_ = 0;
    head_taken_ = false;
}

bool HttpDevice::poll(util::Instant now) {
    clock_.advance(now);
    State before = state_;
    switch (state_) {
        case State::Idle: return false;
        case State::Waiting:
            if (clock_.now() >= retry_at_) connect();
            break;
        case State::Resolving: follow_query(); break;
        case State::Connecting: follow_connecting(); break;
        case State::Open: {
            bool moved = send_requests();
            moved |= receive();
            if (state_ == State::Open && flights_ && clock_.now() - heard_at_ >= kSilence) link_failed("HTTP", kHttpSilent);
            if (moved) return true;
        }
    }
    return state_ != before;
}

util::Instant HttpDevice::poll_at() const {
    switch (state_) {
        case State::Waiting: return clock_.real(retry_at_);
        case State::Resolving:
        case State::Connecting: return clock_.next_tick();
        case State::Open:
            if (flights_) return clock_.real(heard_at_ + kSilence);
            break;
        case State::Idle: break;
    }
    return util::Instant::never();
}

bool HttpDevice::send_requests() {
    bool moved = false;
    while (flights_ < depth_) {
        BlockRequest* request = pending_.front();
        if (probing_ ? flights_ : !request) break;
        util::String text;
        auto made = requester_.append_request(text, context_.agent, probing_ ? probe_range() : range_of(*request));
        if (!made.ok()) {
            link_failed("HTTP", made.failure());
            return true;
        }
        if (text.size() > stream_->send_room()) break;
        stream_->send(util::as_bytes(text.view()));
        if (!flights_) heard_at_ = clock_.now();
        if (!probing_) request->unlink();
        requests_[flights_++] = probing_ ? nullptr : request;
        moved = true;
    }
    return moved;
}

bool HttpDevice::receive() {
    using Reading = net::HttpReader::State;
    bool moved = false;
    while (state_ == State::Open) {
        net::HttpReader::Taken taken = flights_ ? reader_.take(stream_->peek()) : net::HttpReader::Taken{};
        if (!taken.count) {
            if (stream_->state() == net::Stream::State::Open) return moved;
            // Closed where an answer ends: nothing is amiss. In the middle of one it is tried again, but not at once.
            bool between = !reader_.has_begun() && stream_->state() != net::Stream::State::Failed && !closed_in_vain_;
            closed_in_vain_ = flights_ != 0;
            if (between) lose_connection();
            else link_failed("HTTP", stream_->state() == net::Stream::State::Failed ? stream_->failure() : net::kHttpShort);
            return true;
        }
        moved = true;
        heard_at_ = clock_.now();
        if (!head_taken_ && reader_.state() != Reading::Head && reader_.state() != Reading::Failed) {
            head_taken_ = true;
            if (!take_head()) return true;
        }
        if (reader_.state() == Reading::Failed) {
            link_failed("HTTP", reader_.failure());
            return true;
        }
        if (!take_content(taken.body)) return true;
        stream_->consume(taken.count);
        if (reader_.state() == Reading::Done) answer_complete();
    }
    return moved;
}

void HttpDevice::answer_complete() {
    bool keeps_open = reader_.response().keeps_open;
    if (!take_end()) return;
    closed_in_vain_ = false;
    good_at_ = clock_.now();
    if (!keeps_open) return lose_connection();
    depth_ = kMostFlights;
    begin_answer();
}

void HttpDevice::drop_connection() {
    if (stream_) stream_->abort();
    stream_.reset();
    while (flights_) {
        BlockRequest* request = std::exchange(requests_[--flights_], nullptr);
        if (request) pending_.push_front(*request);
    }
    state_ = State::Idle;
}

// The first try is made at once, and only when there is something to be had.
void HttpDevice::lose_connection() {
    drop_connection();
    if (probing_ || !pending_.empty()) connect();
}

void HttpDevice::link_failed(const char* stage, const util::Failure& failure) {
    diagnose(stage, failure);
    drop_connection();
    if (probing_) dead_ = &failure;
    if (dead_ || clock_.now() - good_at_ > kPatience) {
        const util::Failure& why = dead_ ? *dead_ : kPatienceEnded;
        while (BlockRequest* request = pending_.front()) fail_request(*request, why);
        return;
    }
    // A redirect may lead to a place that was good for a while only: from the start.
    if (auto started = requester_.start(uri_); !started.ok())
        diagnose(stage, started.failure());
    delay_ = delay_ == Duration() ? kFirstDelay : std::min(delay_ * 2, kLongestDelay);
    retry_at_ = clock_.now() + delay_;
    state_ = pending_.empty() ? State::Idle : State::Waiting;
}

void HttpDevice::diagnose(const char* stage, const util::Failure& failure) {
    diagnosis_.clear();
    diagnosis_.stage = stage;
    const net::Uri& uri = requester_.uri();
    util::TextSink& what = diagnosis_.what;
    what.text(uri.host()).text(":").decimal(requester_.port()).text(" ").text(uri.path()).text(": ").text(failure.text);
    const net::HttpResponse& response = reader_.response();
    if (state_ == State::Open && response.status)
        what.text(" (").decimal(response.status).text(" ").text(response.reason.view()).text(")");
    if (state_ == State::Connecting && is_secured_ && !context_.detail.view().empty()) what.text(" (").text(context_.detail.view()).text(")");
    if (&failure == &kHttpNoRanges) diagnosis_.hint.text("Fetch it whole instead, or put it on a server that does: nginx, Apache, lighttpd");
    if (&failure == &net::kHttpUnauthorized) diagnosis_.hint.text("Write them into the URI: http://user:password@...");
}

}  // namespace san
