// ping, pciscan, sync, time: commands that look around, and measure.
#include "scripts/commands/table.h"
#include "scripts/system.h"

namespace scripts {

namespace {

constexpr util::Failure kNoAnswer{util::code::kScript + 120, "no answer"};
constexpr util::Failure kNoMoreDevices{util::code::kScript + 121, "there is no further PCI device"};
constexpr util::Failure kNoPci{util::code::kScript + 122, "this machine has no PCI"};

constexpr std::uint64_t kPayload = 64, kPingTimeout = 1000;  // bytes, milliseconds, as the public reference has them

util::Duration milliseconds(std::uint64_t count) { return util::Duration::milliseconds(static_cast<std::int64_t>(count)); }

const char* error_text(net::Ipv4Error::Kind kind) {
    return kind == net::Ipv4Error::Kind::TimeExceeded ? "too many hops" : "unreachable";
}

// One question and its answer. Failure: kNoAnswer, kCancelled, no route.
util::Result<void> ping_once(Invocation& call, net::Ipv4Address host, std::uint16_t identifier, std::uint16_t sequence) {
    util::Loop& loop = call.system.loop;
    net::Icmp& icmp = call.system.parts.stack.icmp();
    util::Instant sent = loop.now();
    TRY(icmp.send_echo(host, identifier, sequence, static_cast<std::size_t>(call.number("size", kPayload))));
    auto answered = loop.run_until([&icmp] { return icmp.echo_reply() || icmp.echo_error(); },
                                   sent + milliseconds(call.number("timeout", kPingTimeout)));
    if (!answered.ok() && &answered.failure() != &util::kTimedOut) return answered;
    auto text = net::to_text(host);
    std::string_view shown = text.view();
    bool quiet = call.has("quiet");
    if (auto reply = icmp.echo_reply()) {
        auto us = static_cast<unsigned>((reply->received - sent).us());
        if (!quiet)
            util::print("%u bytes from %v: seq=%u time=%u.%03u ms\n", unsigned{reply->payload_size}, &shown, unsigned{sequence},
                        us / 1000, us % 1000);
        return {};
    }
    if (!quiet) {
        auto error = icmp.echo_error();
        util::print("%v: seq=%u %s\n", &shown, unsigned{sequence}, error ? error_text(*error) : kNoAnswer.text);
    }
    return kNoAnswer;
}

}  // namespace

// Without a count it goes on until Ctrl-C, as people know it from elsewhere. One answer is success.
util::Result<void> run_ping(Invocation& call) {
    System& system = call.system;
    call.about(call.arguments[0]);
    system.network.refresh_dns();
    net::DnsContext dns{system.loop, system.parts.datagrams, system.parts.random, system.network.dns(), {}};
    constexpr util::Duration kResolvePatience = util::Duration::seconds(30);
    net::Ipv4Address host = TRY(net::resolve(dns, call.arguments[0], system.loop.now() + kResolvePatience));
    std::uint64_t count = call.number("count", 0);
    std::uint16_t identifier;
    system.parts.random.fill({reinterpret_cast<std::byte*>(&identifier), sizeof identifier});
    bool answered = false;
    for (std::uint64_t sequence = 1;; ++sequence) {
        util::Instant next = system.loop.now() + milliseconds(call.number("timeout", kPingTimeout));
        auto result = ping_once(call, host, identifier, static_cast<std::uint16_t>(sequence));
        if (!result.ok() && &result.failure() != &kNoAnswer) return result;
        answered |= result.ok();
        if (sequence == count) return answered ? util::Result<void>() : kNoAnswer;
        if (next > system.loop.now()) TRY(system.loop.sleep(next - system.loop.now()));
    }
}

// The setting says where to begin: behind that device, or at the first one when it is not set. A number, as scripts put it into "${pci/${at}.0.2}".
util::Result<void> run_pciscan(Invocation& call) {
    call.about(call.arguments[0]);
    Settings& settings = call.system.settings;
    auto read = call.system.parts.read_pci;
    if (!read) return kNoPci;
    auto reference = TRY(SettingReference::parse(call.arguments[0]));
    SettingValue value;
    std::uint32_t at = 0;
    if (TRY(settings.fetch(reference, value))) {
        for (char byte : value.bytes.view()) at = at << 8 | static_cast<std::uint8_t>(byte);
        ++at;
    }
    constexpr std::uint32_t kEnd = 0x10000, kFunctions = 8;
    for (; at < kEnd; ++at) {
        auto function = static_cast<std::uint16_t>(at);
        bool is_there = read(function, 0) != 0xff || read(function, 1) != 0xff;
        if (is_there) {
            const char bytes[] = {static_cast<char>(at >> 8), static_cast<char>(at)};
            return settings.set_bytes(reference, SettingType::Uint16, {bytes, sizeof bytes});
        }
        // Without function 0 there is no device.
        if (at % kFunctions == 0) at += kFunctions - 1;
    }
    return kNoMoreDevices;
}

// Nothing goes on behind a script's back that it could wait for.
util::Result<void> run_sync(Invocation&) { return {}; }

util::Result<void> run_time(Invocation& call) {
    util::Loop& loop = call.system.loop;
    util::Instant begun = loop.now();
    auto result = call.system.engine.run_expanded(call.arguments);
    auto ms = static_cast<unsigned>((loop.now() - begun).ms());
    std::string_view command = call.arguments[0];
    util::print("%v: %u.%03u s\n", &command, ms / 1000, ms % 1000);
    if (result.ok()) return result;
    // The command's own words, with its name and object, less the reason, which follows.
    std::string_view said = call.system.engine.last_error();
    std::size_t reason = said.find(result.failure().text);
    constexpr std::size_t kColon = 2;  // and a blank
    if (reason != said.npos && reason > kColon) call.about(said.substr(0, reason - kColon));
    return result;
}

}  // namespace scripts
