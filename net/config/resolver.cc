#include "net/config/resolver.h"

#include <algorithm>

namespace net {

namespace {

constexpr unsigned kRounds = 3;  // over all servers, with 1, 2 and 4 seconds each
constexpr unsigned kMaximumAliases = 8;
constexpr unsigned kMaximumCandidates = 7;
constexpr unsigned kPacketsPerPoll = 8;

// The domain at `index` in a list separated by spaces; empty when there are fewer.
std::string_view domain_at(std::string_view list, unsigned index) {
    for (util::Split split{{}, list, true}; split.found;) {
        split = util::split_first(split.after, ' ');
        if (!split.before.empty() && index-- == 0) return split.before;
    }
    return {};
}

}  // namespace

void DnsQuery::start(std::string_view name, util::Instant now) {
    state_ = State::Asking;
    asked_ = Ipv4Address();
    unfound_ = failure_ = nullptr;
    candidate_ = 0;
    if (auto address = Ipv4Address::parse(name)) {
        address_ = *address;
        state_ = State::Found;
        return;
    }
    if (!is_dns_name(name)) return fail(kDnsBadName);
    if (!settings_.server_count) return fail(kDnsNoServer);
    auto socket = datagrams_.open(kPacketsPerPoll);
    if (!socket.ok()) return fail(socket.failure());
    socket_ = socket.take();
    wanted_.clear();
    wanted_.text(name);
    if (name.size() > kDnsMaximumName) return fail(kDnsBadName);
    next_candidate(now);
}

// Puts together the candidate of that index: with a dot in it the name is first tried as it is, else last. False:
// there are no more.
bool DnsQuery::make_candidate(unsigned index) {
    std::string_view wanted = wanted_.view();
    bool dotted = wanted.find('.') != wanted.npos;
    bool absolute = wanted.ends_with('.');
    name_.clear();
    if (index >= kMaximumCandidates) return false;
    if (dotted && index == 0) {
        name_.text(wanted);
        return true;
    }
    if (absolute) return false;
    unsigned place = dotted ? index - 1 : index;
    std::string_view domain = domain_at(settings_.search.view(), place);
    if (!domain.empty()) {
        name_.text(wanted).character('.').text(domain);
        return true;
    }
    bool behind_the_last = place == 0 || !domain_at(settings_.search.view(), place - 1).empty();
    if (dotted || !behind_the_last) return false;
    name_.text(wanted);
    return true;
}

void DnsQuery::next_candidate(util::Instant now) {
    while (make_candidate(candidate_++)) {
        if (name_.truncated() || !is_dns_name(name_.view())) continue;
        aliases_ = 0;
        DnsName name = name_;
        return ask(name.view(), now);
    }
    fail(unfound_ ? *unfound_ : kDnsBadName);
}

void DnsQuery::ask(std::string_view name, util::Instant now) {
    DnsName copy;
    copy.text(name);
    name_ = copy;
    id_ = static_cast<std::uint16_t>(random_.u32());
    tries_ = 0;
    heard_failure_ = false;
    send(now);
}

void DnsQuery::send(util::Instant now) {
    auto servers = static_cast<unsigned>(std::min(settings_.server_count, DnsSettings::kMaximumServers));
    unsigned round = servers ? tries_ / servers : kRounds;
    if (round >= kRounds) return fail(heard_failure_ ? kDnsServerFailure : kDnsTimedOut);
    asked_ = settings_.servers[tries_ % servers];
    next_try_ = now + util::Duration::seconds(1 << round);
    util::Buffer<kDnsMaximumMessage> buffer;
    util::Bytes query = write_dns_query(buffer, id_, name_.view(), DnsType::A);
    if (query.empty()) return fail(kDnsBadName);
    socket_->send({asked_, kDnsPort}, query);
}

void DnsQuery::next_server(util::Instant now) {
    ++tries_;
    send(now);
}

bool DnsQuery::is_server(const Ipv4Endpoint& remote) const {
    if (remote.port != kDnsPort) return false;
    for (std::size_t i = 0; i < std::min(settings_.server_count, DnsSettings::kMaximumServers); ++i)
        if (settings_.servers[i] == remote.address) return true;
    return false;
}

bool DnsQuery::poll(util::Instant now) {
    if (state_ != State::Asking) return false;
    bool progress = false;
    for (unsigned count = 0; count < kPacketsPerPoll && state_ == State::Asking; ++count) {
        DatagramSocket::Received received = socket_->receive();
        if (!received.payload) break;
        progress = true;
        if (!is_server(received.remote)) continue;
        DnsReply reply = parse_dns_reply(received.payload.data(), id_, name_.view());
        if (reply.outcome == DnsReply::Outcome::ServerFailure && received.remote.address != asked_) {
            heard_failure_ = true;  // of a server that was asked before
            continue;
        }
        take(reply, now);
    }
    if (state_ == State::Asking && (now >= next_try_ || socket_->refused())) {
        next_server(now);
        progress = true;
    }
    return progress;
}

void DnsQuery::take(const DnsReply& reply, util::Instant now) {
    switch (reply.outcome) {
        case DnsReply::Outcome::NotOurs: return;
        case DnsReply::Outcome::Addresses:
            address_ = reply.addresses[0];
            state_ = State::Found;
            socket_.reset();
            return;
        case DnsReply::Outcome::Alias:
            if (++aliases_ > kMaximumAliases) return fail(kDnsServerFailure);
            return ask(reply.alias.view(), now);
        case DnsReply::Outcome::NoAddress: unfound_ = &kDnsNoAddress; return next_candidate(now);
        case DnsReply::Outcome::NoSuchName:
            if (!unfound_) unfound_ = &kDnsNoSuchName;
            return next_candidate(now);
        case DnsReply::Outcome::ServerFailure: heard_failure_ = true; return next_server(now);
    }
}

util::Instant DnsQuery::poll_at() const {
    return state_ == State::Asking ? next_try_ : util::Instant::never();
}

void DnsQuery::fail(const util::Failure& failure) {
    state_ = State::Failed;
    failure_ = &failure;
    socket_.reset();
}

util::Result<Ipv4Address> resolve(DnsContext& context, std::string_view name, util::Instant deadline) {
    context.detail.clear();
    DnsQuery query(context.datagrams, context.random, context.settings);
    query.start(name, context.loop.now());
    context.loop.add(query);
    auto waited = context.loop.run_until([&] { return query.state() != DnsQuery::State::Asking; }, deadline);
    if (waited.ok() && query.state() == DnsQuery::State::Found) return query.address();
    context.detail.text(name.substr(0, 120));
    if (!query.server().is_unspecified()) context.detail.text(", server ").text(to_text(query.server()).view());
    if (!waited.ok()) return waited.failure();
    return query.failure();
}

}  // namespace net
