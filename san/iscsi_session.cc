#include "san/iscsi_session.h"

#include "san/iscsi_failures.h"

namespace san {

using util::Duration;
using util::Instant;

static constexpr Duration kConnectLimit = Duration::seconds(20);
static constexpr Duration kLoginLimit = Duration::seconds(20);  // for each answer
static constexpr Duration kPingWhenWaiting = Duration::seconds(5);
static constexpr Duration kPingWhenIdle = Duration::seconds(20);
static constexpr Duration kPingLimit = Duration::seconds(10);
// How long a target may keep its command window closed without any command of ours to work on. Pings ask it meanwhile.
static constexpr Duration kBlockedLimit = Duration::seconds(30);

template <class Node>
static void unlink_all(util::List<Node>& list) {
    while (list.pop_front()) {
    }
}

IscsiSession::~IscsiSession() {
    unlink_all(queue_);
    unlink_all(senders_);
    unlink_all(done_);
    if (stream_ && phase_ != Phase::Ended) stream_->abort();
}

void IscsiSession::end(Cause cause, const util::Failure& failure) {
    if (phase_ == Phase::Ended) return;
    phase_ = Phase::Ended;
    cause_ = cause;
    failure_ = &failure;
    unlink_all(queue_);
    unlink_all(senders_);
    if (cause == Cause::LoggedOut || cause == Cause::LogoutWanted || cause == Cause::LoginRefused ||
        cause == Cause::Redirected)
        stream_->close();
    else
        stream_->abort();
}

bool IscsiSession::poll(Instant now) {
    if (phase_ == Phase::Ended) return false;
    if (!clock_.started()) phase_deadline_ = clock_.now() + kConnectLimit;
    clock_.advance(now);
    if (phase_ == Phase::Connecting && stream_->state() == net::Stream::State::Open) begin_login();
    bool moved = false;
    if (phase_ != Phase::Connecting && phase_ != Phase::Ended) moved |= receive();
    follow_stream();
    check_timers();
    if (phase_ != Phase::Ended && phase_ != Phase::Connecting) moved |= transmit();
    return moved || phase_ == Phase::Ended;
}

void IscsiSession::follow_stream() {
    if (phase_ == Phase::Ended) return;
    switch (stream_->state()) {
        case net::Stream::State::Failed: return end(Cause::Lost, stream_->failure());
        case net::Stream::State::PeerClosed:
        case net::Stream::State::Closed:
            if (stream_->readable() > 0) return;
            if (phase_ == Phase::LoggingOut) return end(Cause::LoggedOut, kLoggedOut);
            return end(Cause::Lost, kConnectionClosed);
        default: return;
    }
}

void IscsiSession::begin_login() {
    phase_ = Phase::Login;
    connected_ = true;
    phase_deadline_ = clock_.now() + kLoginLimit;
    heard_at_ = clock_.now();
    if (auto started = login_.start(); !started.ok()) return end(Cause::LoginRefused, started.failure());
    login_request_due_ = true;
}

util::Result<void> IscsiSession::accept_login_response() {
    const auto& header = header_cast<LoginResponseHeader>(reader_.header());
    auto taken = login_.receive(header, control_data());
    if (!taken.ok()) {
        end(login_.redirect().empty() ? Cause::LoginRefused : Cause::Redirected, taken.failure());
        return {};
    }
    phase_deadline_ = clock_.now() + kLoginLimit;
    if (!login_.finished()) {
        login_request_due_ = true;
        return {};
    }
    phase_ = Phase::FullFeature;
    Digests digests{login_.parameters().header_digest != 0, login_.parameters().data_digest != 0};
    reader_.set_digests(digests);
    writer_.set_digests(digests);
    reader_.set_limit(kOurSegmentLength);
    return {};
}

bool IscsiSession::tasks_active() const {
    for (const Slot& slot : slots_)
        if (slot.busy) return true;
    return !queue_.empty();
}

void IscsiSession::check_timers() {
    switch (phase_) {
        case Phase::Ended: return;
        case Phase::FullFeature: break;
        case Phase::LoggingOut:
            if (clock_.now() >= phase_deadline_) end(Cause::LoggedOut, kLoggedOut);
            return;
        case Phase::Login:
            if (clock_.now() >= phase_deadline_) end(Cause::Lost, kLoginTimedOut);
            return;
        case Phase::Connecting:
            if (clock_.now() >= phase_deadline_) end(Cause::Lost, util::kTimedOut);
            return;
    }
    bool active = !queue_.empty(), blocked = active;
    for (const Slot& slot : slots_) {
        active |= slot.busy;
        if (!slot.task) continue;
        blocked = false;
        if (clock_.now() - slot.task->progress.answered_at > config_.task_timeout) return end(Cause::Lost, kTaskStuck);
    }
    if (!blocked) unblocked_at_ = clock_.now();
    else if (clock_.now() - unblocked_at_ > kBlockedLimit) return end(Cause::Protocol, kNoMoreCommands);
    if (ping_sent_ || ping_due_) {
        // Also when the ping could not even be sent.
        if (clock_.now() - ping_at_ > kPingLimit) end(Cause::Lost, kTargetSilent);
        return;
    }
    if (clock_.now() - heard_at_ >= (active ? kPingWhenWaiting : kPingWhenIdle) &&
        (active || idle_ping_ == IdlePing::On)) {
        ping_due_ = true;
        ping_at_ = clock_.now();
    }
}

Instant IscsiSession::poll_at() const {
    if (phase_ == Phase::Ended) return {};
    bool busy = phase_ != Phase::FullFeature || ping_sent_ || ping_due_ || tasks_active();
    if (!busy && idle_ping_ == IdlePing::Off) return Instant::never();
    return clock_.next_tick();
}

void IscsiSession::submit(ScsiTask& task) {
    task.reset_result();
    task.state = ScsiTask::State::Queued;
    if (phase_ != Phase::Ended) queue_.push_back(task);
}

void IscsiSession::abandon(ScsiTask& task) {
    bool active = task.state == ScsiTask::State::Active;
    task.unlink();
    task.state = ScsiTask::State::Idle;
    if (!active || phase_ == Phase::Ended) return;
    if (task.direction == ScsiTask::Direction::Out) return end(Cause::Lost, kSessionAbandoned);
    if (Slot* slot = find(task.progress.tag)) slot->task = nullptr;
    if (reading_ == &task) {
        reading_ = nullptr;
        reader_.drop_target();
    }
}

}  // namespace san
