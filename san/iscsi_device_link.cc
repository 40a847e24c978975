// IscsiDevice's link to its target: portal, login, the LUN; and all of it again when the session is lost.
#include <algorithm>

#include "san/iscsi_device.h"
#include "san/iscsi_failures.h"

namespace san {

using util::Duration;

static constexpr std::uint8_t kMostRedirects = 4;
static constexpr std::uint8_t kMostProtocolFailures = 3;
static constexpr std::uint8_t kMostClosedConnections = 2;
static constexpr Duration kFirstDelay = Duration::milliseconds(250);
static constexpr Duration kLongestDelay = Duration::seconds(4);
// What a target may ask for with Time2Wait; more would outlast the patience of people.
static constexpr Duration kLongestWait = Duration::seconds(30);
// Once patience is over, later requests find out sooner.
static constexpr Duration kPatienceAfterGivingUp = Duration::seconds(15);

// From the start: the first portal, whatever redirects led elsewhere before.
void IscsiDevice::begin_search() {
    redirect_server_.clear();
    redirects_ = 0;
    find_portal();
}

void IscsiDevice::find_portal() {
    bool redirected = !redirect_server_.view().empty();
    std::string_view server = redirected ? redirect_server_.view() : config_.uri.server.view();
    portal_.port = redirected ? redirect_port_ : config_.uri.port;
    if (!redirected && config_.uri.is_ipv6) return link_failed("resolve", kIpv6Unsupported);
    if (auto address = net::Ipv4Address::parse(server)) return connect(*address);
    if (!context_.resolver) return link_failed("resolve", util::kNotFound);
    portal_.address = {};
    state_ = State::Resolving;
    context_.resolver->resolve(server);
}

void IscsiDevice::follow_resolver() {
    const auto* answer = context_.resolver->answer();
    if (!answer) {
        if (patience_over()) link_failed("resolve", util::kTimedOut);
        return;
    }
    if (!answer->ok()) return link_failed("resolve", answer->failure());
    connect(answer->value());
}

void IscsiDevice::connect(net::Ipv4Address address) {
    portal_.address = address;
    session_.reset();
    auto stream = context_.connector.connect(portal_);
    if (!stream.ok()) return link_failed("connect", stream.failure());
    auto session = util::make_owned<IscsiSession>(config_, context_.random, stream.take());
    if (!session.ok()) return link_failed("connect", session.failure());
    session_ = session.take();
    state_ = State::LoggingIn;
}

bool IscsiDevice::follow_session(util::Instant now) {
    // First, so that what was submitted goes out in this very poll.
    bool moved = state_ == State::Ready && dispatch();
    moved |= session_->poll(now);
    if (session_->phase() == IscsiSession::Phase::Ended) {
        if (state_ == State::Ready) collect();  // what was finished before the end counts
        session_ended();
        return true;
    }
    if (state_ == State::LoggingIn && session_->phase() == IscsiSession::Phase::FullFeature) {
        state_ = State::Probing;
        probe_.start(config_.uri.lun, clock_.now());
        moved = true;
    }
    if (state_ == State::Probing) moved |= follow_probe();
    if (state_ != State::Ready) return moved;
    moved |= collect();
    if (suspect_) lose_session();
    return moved;
}

bool IscsiDevice::follow_probe() {
    bool moved = false;
    if (session_->take_done()) {
        probe_.task_done(clock_.now());
        moved = true;
    }
    switch (probe_.state()) {
        case ScsiProbe::State::Running: break;
        case ScsiProbe::State::Ready: probe_ready(); return true;
        case ScsiProbe::State::Failed: link_failed("LUN", probe_.failure()); return true;
    }
    if (ScsiTask* task = probe_.next(clock_.now())) {
        session_->submit(*task);
        moved = true;
    }
    return moved;
}

void IscsiDevice::probe_ready() {
    // Writes for the old disk must never reach another one that has taken its place.
    if (opened_ && probe_.identity() != identity_) {
        diagnose("LUN", kLunChanged);
        dead_ = true;
        return give_up(kLunChanged);
    }
    if (opened_) {
        std::string_view target = config_.uri.target.view();
        LOG("iscsi: session with %v made anew", &target);
        ++generation_;
    }
    identity_ = probe_.identity();
    geometry_ = probe_.geometry();
    chap_used_ = session_->chap_used();
    state_ = State::Ready;
    suspect_ = false;
    opened_ = true;
    patience_ = config_.patience;
    delay_ = {};
    if (!wanted_) session_->set_idle_ping(IscsiSession::IdlePing::Off);
}

void IscsiDevice::session_ended() {
    using Cause = IscsiSession::Cause;
    Cause cause = session_->cause();
    const util::Failure& failure = session_->failure();
    if (dead_) return give_up(kDeviceClosed);
    if (cause == Cause::Redirected) return follow_redirect();
    if (cause == Cause::Protocol && ++protocol_failures_ > kMostProtocolFailures) {
        diagnose("session", failure);
        return give_up(failure);
    }
    bool was_ready = state_ == State::Ready;
    if (!was_ready) {
        if (state_ == State::Probing) return link_failed("LUN", failure);
        return link_failed(session_->connected() ? "login" : "connect", failure);
    }
    diagnose("session", failure);
    LOG("iscsi: session lost: %s", failure.text);
    Duration wait = std::min(session_->wait(), kLongestWait);
    lose_session();
    if (wait > Duration()) retry_after(wait);
}

// The first try is made at once.
void IscsiDevice::lose_session() {
    session_.reset();
    take_back_requests();
    lost_at_ = clock_.now();
    delay_ = {};
    retry_after({});
    if (!wanted_) state_ = State::Down;
}

void IscsiDevice::take_back_requests() {
    for (std::size_t i = slots_.size(); i-- > 0;) {
        Slot& slot = slots_[i];
        slot.task.unlink();
        slot.waiting = false;
        if (BlockRequest* request = std::exchange(slot.request, nullptr)) pending_.push_front(*request);
    }
}

void IscsiDevice::retry_after(Duration delay) {
    session_.reset();
    state_ = State::Waiting;
    retry_at_ = clock_.now() + delay;
}

void IscsiDevice::follow_redirect() {
    auto target = parse_target_address(session_->redirect());
    if (!target.ok()) return link_failed("login", target.failure());
    if (target.value().is_ipv6) return link_failed("login", kIpv6Unsupported);
    if (++redirects_ > kMostRedirects) return link_failed("login", kTooManyRedirects);
    redirect_server_.clear();
    redirect_server_.text(target.value().server);
    redirect_port_ = target.value().port;
    if (redirect_server_.truncated()) return link_failed("login", kBadRedirect);
    find_portal();
}

bool IscsiDevice::patience_over() const { return clock_.now() - lost_at_ > patience_; }

// While a drive is opened, only passing troubles are waited for. Afterwards anything may pass: a target that restarts
// knows its disks later than it answers.
bool IscsiDevice::is_final(const util::Failure& failure) {
    if (opened_ || &failure == &kTargetBusy) return false;
    // A target that is starting may close a connection or two; one that keeps doing so means it.
    return &failure != &kConnectionClosed || ++closed_connections_ > kMostClosedConnections;
}

void IscsiDevice::link_failed(const char* stage, const util::Failure& failure) {
    diagnose(stage, failure, state_ == State::Probing ? &probe_.sense() : nullptr);
    final_failure_ = &failure;
    if (is_final(failure)) return give_up(failure);
    if (patience_over()) return give_up(opened_ ? kPatienceEnded : failure);
    delay_ = delay_ == Duration() ? kFirstDelay : std::min(delay_ * 2, kLongestDelay);
    retry_after(delay_);
}

void IscsiDevice::give_up(const util::Failure& failure) {
    session_.reset();
    take_back_requests();
    state_ = State::Down;
    final_failure_ = &failure;
    if (opened_) patience_ = kPatienceAfterGivingUp;
    protocol_failures_ = 0;
    while (BlockRequest* request = pending_.front()) fail_request(*request, failure);
}

}  // namespace san
