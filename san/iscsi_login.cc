#include "san/iscsi_login.h"

#include <algorithm>

#include "san/iscsi_failures.h"

namespace san {

using namespace std::string_view_literals;

using util::Result;

// Enough for any login (a CHAP one takes about five), and an end to one that turns in circles.
static constexpr std::uint8_t kMostRounds = 40;
// All that a target says between two changes of turn; challenges are the longest.
static constexpr std::size_t kLongestText = 16384;
static constexpr std::size_t kOurChallengeSize = 24;
static constexpr std::uint8_t kRedirectClass = 1;

Result<void> IscsiLogin::start() {
    if (config_.initiator_name.view().empty()) return kNoInitiatorName;
    if (mutual() && !config_.chap.set()) return kReverseWithoutForward;
    // Otherwise a target could be made to answer its own challenge (RFC 7143 section 9.2.1).
    if (mutual() && config_.chap.secret.view() == config_.reverse_chap.secret.view()) return kChapSameSecret;
    start_security();
    return out_.ok() ? Result<void>{} : util::kOutOfMemory;
}

// Names go out once and first: there are targets that drop who repeats them, or who leaves out SessionType.
void IscsiLogin::start_security() {
    out_.add("InitiatorName", config_.initiator_name.view());
    out_.add("TargetName", config_.uri.target.view());
    out_.add("SessionType", "Normal");
    if (config_.chap.set()) {
        out_.add("AuthMethod", mutual() ? "CHAP" : "CHAP,None");
    } else {
        out_.add("AuthMethod", "None");
        chap_ = Chap::Off;
    }
}

// The T bit is for when nothing more is to be said in the stage, not before.
bool IscsiLogin::stage_is_done() const {
    if (stage_ != LoginStage::Security) return true;
    return chap_ == Chap::Off || chap_ == Chap::Done || chap_ == Chap::AwaitProof;
}

util::Bytes IscsiLogin::next_request(LoginRequestHeader& header) {
    std::string_view rest = out_.text().substr(sent_);
    std::string_view piece = rest.substr(0, config_.login_segment);
    sent_ += piece.size();
    bool more = piece.size() < rest.size();
    asked_transit_ = !more && !target_continues_ && stage_is_done();
    asked_stage_ = stage_ == LoginStage::Security ? LoginStage::Operational : LoginStage::FullFeature;
    unsigned flags = static_cast<unsigned>(stage_) << 2;
    if (more) flags |= kLoginContinue;
    if (asked_transit_) flags |= kLoginTransit | static_cast<unsigned>(asked_stage_);
    header.flags = static_cast<std::uint8_t>(flags);
    header.isid = config_.isid;
    return util::as_bytes(piece);
}

Result<void> IscsiLogin::receive(const LoginResponseHeader& header, util::Bytes data) {
    status_ = static_cast<std::uint16_t>(header.status_class << 8 | header.status_detail);
    if (++rounds_ > kMostRounds) return kLoginEndless;
    if (header.status_class > kRedirectClass) return login_failure(status_);
    if (header.version_active != 0) return login_failure(0x0205);
    if (data.size() > kLongestText - in_.size()) return kLoginProtocol;
    TRY(in_.append(util::as_text(data)));

    bool ours_goes_on = sent_ < out_.text().size();
    if (!ours_goes_on) {
        out_.clear();
        sent_ = 0;
    }
    target_continues_ = header.flags & kLoginContinue;
    bool transit = header.flags & kLoginTransit;
    if (header.status_class != kRedirectClass) {
        unsigned stage = header.flags >> 2 & kLoginStageMask;
        if (stage != static_cast<unsigned>(stage_)) return kLoginProtocol;
        if (transit && (target_continues_ || !asked_transit_)) return kLoginProtocol;
        // While we are not done, the target has nothing to say.
        if (ours_goes_on && !in_.empty()) return kLoginProtocol;
    }
    if (target_continues_) return {};
    TRY(take_keys());
    if (header.status_class == kRedirectClass) return login_failure(status_);
    if (transit) TRY(leave_stage(static_cast<LoginStage>(header.flags & kLoginStageMask)));
    return out_.ok() ? Result<void>{} : util::kOutOfMemory;
}

Result<void> IscsiLogin::take_keys() {
    TextKeyReader reader(in_.view());
    for (TextKey key; reader.next(key);) TRY(take_key(key));
    if (!reader.ok()) return kLoginProtocol;
    in_.clear();
    return stage_ == LoginStage::Security ? advance_chap() : Result<void>{};
}

Result<void> IscsiLogin::take_key(const TextKey& key) {
    if (util::equal(key.name, "TargetAddress")) {
        redirect_.clear();
        if (status_ >> 8 == kRedirectClass) redirect_.text(key.value);
        return {};
    }
    if (util::equal(key.name, "TargetPortalGroupTag") || util::equal(key.name, "TargetAlias") || util::equal(key.name, "TargetName")) return {};
    if (stage_ == LoginStage::Security && (util::equal(key.name, "AuthMethod") || key.name.starts_with("CHAP_")))
        return take_security_key(key);
    Offered offered = stage_ == LoginStage::Operational ? Offered::Yes : Offered::No;
    bool known = TRY(negotiate_parameter(key, offered, parameters_, out_));
    // Never answer an answer: two sides that do not understand each other would go on for ever.
    if (!known && !util::equal(key.value, "NotUnderstood")) out_.add(key.name, std::string_view("NotUnderstood"));
    return {};
}

Result<void> IscsiLogin::take_security_key(const TextKey& key) {
    if (util::equal(key.name, "AuthMethod")) return take_auth_method(key.value);
    if (util::equal(key.name, "CHAP_A")) {
        if (!util::equal(key.value, "5")) return kChapAlgorithm;
        challenge_.algorithm = true;
    } else if (util::equal(key.name, "CHAP_I")) {
        auto id = decode_number(key.value);
        if (!id || *id > 255) return kChapMalformed;
        challenge_.id = static_cast<std::uint8_t>(*id);
        challenge_.identifier = true;
    } else if (util::equal(key.name, "CHAP_C")) {
        TRY(challenge_.bytes.resize(kChapLongestChallenge));
        auto bytes = decode_binary(key.value, challenge_.bytes.span());
        if (!bytes) return kChapMalformed;
        TRY(challenge_.bytes.resize(bytes->size()));
    } else if (util::equal(key.name, "CHAP_N")) {
        std::string_view wanted = config_.reverse_chap.name.view();
        if (!wanted.empty() && key.value != wanted) return kTargetNotAuthentic;
        proof_.name = true;
    } else if (util::equal(key.name, "CHAP_R")) {
        util::Buffer<kChapResponseSize> response;
        auto bytes = decode_binary(key.value, response);
        // A proof that comes before our challenge proves nothing.
        bool right = chap_ == Chap::AwaitProof && bytes && std::ranges::equal(*bytes, expected_proof_);
        if (!right) return kTargetNotAuthentic;
        proof_.response = true;
    }
    return {};
}

Result<void> IscsiLogin::take_auth_method(std::string_view method) {
    // Some targets say what they want rather than choose from what was offered.
    if (!config_.chap.set()) {
        if (list_contains(method, "None"sv)) return {};
        return list_contains(method, "CHAP"sv) ? kChapNeeded : kAuthMethodRejected;
    }
    if (chap_ != Chap::NotNegotiated) return kLoginProtocol;
    if (util::equal(method, "None") && !mutual()) {
        chap_ = Chap::Off;
    } else if (util::equal(method, "CHAP")) {
        // MD5 alone: there are targets that fail on a list of algorithms.
        out_.add("CHAP_A", "5");
        chap_ = Chap::AwaitChallenge;
    } else {
        return kAuthMethodRejected;
    }
    return {};
}

Result<void> IscsiLogin::advance_chap() {
    if (chap_ == Chap::AwaitChallenge && challenge_.identifier && !challenge_.bytes.empty()) {
        if (!challenge_.algorithm) return kChapMalformed;
        return answer_challenge();
    }
    if (chap_ == Chap::AwaitProof && proof_.name && proof_.response) {
        chap_ = Chap::Done;
        chap_used_ = ChapUsed::Mutual;
    }
    return {};
}

Result<void> IscsiLogin::answer_challenge() {
    ChapResponse response = chap_response(challenge_.id, config_.chap.secret.view(), challenge_.bytes.span());
    out_.add("CHAP_N", config_.chap.name.view());
    out_.add_hex("CHAP_R", response);
    chap_ = Chap::Done;
    chap_used_ = ChapUsed::OneWay;
    if (!mutual()) return {};
    util::Buffer<1 + kOurChallengeSize> ours;
    random_.fill(ours);
    auto id = std::to_integer<std::uint8_t>(ours.all()[0]);
    util::Bytes challenge = ours.all().subspan(1);
    out_.add("CHAP_I", std::uint32_t{id});
    out_.add_hex("CHAP_C", challenge);
    expected_proof_ = chap_response(id, config_.reverse_chap.secret.view(), challenge);
    chap_ = Chap::AwaitProof;
    return {};
}

Result<void> IscsiLogin::leave_stage(LoginStage next) {
    if (next != asked_stage_) return kLoginProtocol;
    if (stage_ == LoginStage::Security) {
        // A target that passes over the authentication which we insist on is not the one we want.
        if (mutual() && chap_ != Chap::Done) return kTargetNotAuthentic;
        offer_parameters(config_, out_);
    } else if (!out_.text().empty()) {
        return kLoginProtocol;  // it proposes something and does not wait for the answer
    }
    stage_ = next;
    return {};
}

Result<void> IscsiLogin::renegotiate(const TextKey& key) {
    TRY(negotiate_parameter(key, Offered::Yes, parameters_, out_));
    return {};
}

namespace {
struct LoginStatus {
    std::uint16_t status;
    const util::Failure* failure;
    const char* text;
};
// RFC 7143 section 11.13.5.
constexpr LoginStatus kStatuses[] = {
    {0x0101, &kBadRedirect, "target moved for now"},
    {0x0102, &kBadRedirect, "target moved for good"},
    {0x0200, &kLoginRefused, "initiator error"},
    {0x0201, &kAuthenticationFailed, "authentication failed"},
    {0x0202, &kNotAllowed, "not allowed by the target's ACL"},
    {0x0203, &kTargetNotFound, "target not found"},
    {0x0204, &kTargetRemoved, "target removed"},
    {0x0205, &kLoginRefused, "unsupported version"},
    {0x0206, &kLoginRefused, "too many connections"},
    {0x0207, &kLoginRefused, "missing parameter"},
    {0x0208, &kLoginRefused, "cannot be in this session"},
    {0x0209, &kLoginRefused, "session type not supported"},
    {0x020a, &kLoginRefused, "session does not exist"},
    {0x020b, &kLoginRefused, "invalid during login"},
    {0x0300, &kTargetBusy, "target error"},
    {0x0301, &kTargetBusy, "service unavailable"},
    {0x0302, &kTargetBusy, "out of resources"},
};
const LoginStatus* find_status(std::uint16_t status) {
    for (const LoginStatus& row : kStatuses)
        if (row.status == status) return &row;
    return nullptr;
}
}  // namespace

const util::Failure& login_failure(std::uint16_t status) {
    if (const LoginStatus* row = find_status(status)) return *row->failure;
    return status >> 8 == 3 ? kTargetBusy : kLoginRefused;
}

const char* login_status_text(std::uint16_t status) {
    const LoginStatus* row = find_status(status);
    return row ? row->text : "unknown status";
}

}  // namespace san
