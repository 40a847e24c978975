// IscsiDevice: what went wrong, with all names that a person needs to find the fault, and the likely fix.
#include "san/iscsi_device.h"
#include "san/iscsi_failures.h"

namespace san {

static void add_sense(util::TextSink& what, const Sense& sense) {
    what.format(" (%s", sense_key_text(sense.key));
    if (const char* text = additional_sense_text(sense.asc, sense.ascq)) what.format(", %s", text);
    what.format(" %x/%02x/%02x)", static_cast<unsigned>(sense.key), unsigned{sense.asc}, unsigned{sense.ascq});
}

void IscsiDevice::diagnose(const char* stage, const util::Failure& failure, const Sense* sense) {
    diagnosis_.clear();
    diagnosis_.stage = stage;
    util::TextSink& what = diagnosis_.what;
    auto address = net::to_text(portal_.address);
    auto lun = to_text(config_.uri.lun);
    what.format("target %t:%u %t LUN %t, initiator %t: %s",
                portal_.address.is_unspecified() ? config_.uri.server.self() : address.self(), unsigned{portal_.port},
                config_.uri.target.self(), lun.self(), config_.initiator_name.self(), failure.text);
    if (session_) {
        if (unsigned status = session_->login_status()) what.format(" (%s, %04x)", login_status_text(session_->login_status()), status);
        if (&failure == &kPduRejected && session_->reject_reason()) what.format(" (%s)", session_->reject_reason());
    }
    if (sense && sense->key != SenseKey::NoSense) add_sense(what, *sense);
    add_hint(failure);
}

namespace {
struct Hint {
    const util::Failure* failure;
    const char* text;
};
constexpr Hint kHints[] = {
    {&kAuthenticationFailed, "Check username and password, and that the target knows this initiator by them"},
    {&kNotAllowed, "Add this initiator's name to the target's ACL"},
    {&kTargetNotFound, "Compare the target's name letter by letter with what the server lists"},
    {&kTargetRemoved, "The server has removed this target: ask who runs it"},
    {&kTargetBusy, "The server is overloaded or still starting: try again shortly"},
    {&kChapNeeded, "Set username and password"},
    {&kAuthMethodRejected, "The target may insist on CHAP (set username and password) or on none (clear them)"},
    {&kTargetNotAuthentic, "Check reverse-username and reverse-password"},
    {&kChapSameSecret, "Give the target another secret than the initiator"},
    {&kReverseWithoutForward, "Set username and password, or clear reverse-username and reverse-password"},
    {&kIpv6Unsupported, "Give the server's IPv4 address"},
    {&kLunChanged, "The server shows another disk under this LUN: nothing was written to it. Restart this machine"},
    {&kTargetSilent, "Check the cable and the server"},
    {&kPatienceEnded, "Check the cable, and that the server runs its target"},
    {&kSpaceExhausted, "Make room on the server"},
    {&kReservationConflict, "Another machine holds this disk"},
};
}  // namespace

void IscsiDevice::add_hint(const util::Failure& failure) {
    util::TextSink& hint = diagnosis_.hint;
    if (&failure == &kNoSuchLun || &failure == &kNotADisk) {
        if (&failure == &kNotADisk)
            hint.format("This LUN is a %s%s. ", device_type_text(probe_.device_type()),
                        probe_.device_type() == Inquiry::kController ? " (tgt's LUN 0 is its controller; try LUN 1)" : "");
        std::string_view luns = probe_.existing_luns();
        hint.text(luns);
        if (luns.ends_with("none")) hint.text(": the target maps no LUN to this initiator's name (ACL)");
        return;
    }
    for (const Hint& row : kHints)
        if (row.failure == &failure) hint.text(row.text);
}

}  // namespace san
