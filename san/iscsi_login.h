// The login phase of one connection (RFC 7143 section 6.3), without any input or output: told the target's answers,
// it says what to send next. IscsiSession moves the PDUs.
#pragma once

#include "net/random.h"
#include "san/chap.h"
#include "san/iscsi_parameters.h"

namespace san {

// Which proof was given, for the iBFT.
enum class ChapUsed : std::uint8_t { None, OneWay, Mutual };

class IscsiLogin {
  public:
    // The config must outlive it.
    IscsiLogin(const IscsiConfig& config, net::Random& random) : config_(config), random_(random) {}

    // Checks the credentials and prepares the first request.
    util::Result<void> start();
    // The next request's flags and text; the caller fills tags and numbers. Valid until receive().
    util::Bytes next_request(LoginRequestHeader& header);
    // Takes a response. Failure: the login is over; status() and redirect() may say more.
    util::Result<void> receive(const LoginResponseHeader& header, util::Bytes data);

    // A value that the target declares anew in a text response. Full feature phase only.
    util::Result<void> renegotiate(const TextKey& key);

    bool finished() const { return stage_ == LoginStage::FullFeature; }
    const SessionParameters& parameters() const { return parameters_; }
    ChapUsed chap_used() const { return chap_used_; }
    // Status-Class << 8 | Status-Detail of the last response.
    std::uint16_t status() const { return status_; }
    // TargetAddress of a redirect; empty when there was none.
    std::string_view redirect() const { return redirect_.view(); }

  private:
    enum class Chap : std::uint8_t { NotNegotiated, Off, AwaitChallenge, AwaitProof, Done };

    util::Result<void> take_keys();
    util::Result<void> take_key(const TextKey& key);
    util::Result<void> take_security_key(const TextKey& key);
    util::Result<void> take_auth_method(std::string_view method);
    util::Result<void> advance_chap();
    util::Result<void> answer_challenge();
    util::Result<void> leave_stage(LoginStage next);
    void start_security();
    bool mutual() const { return config_.reverse_chap.set(); }
    bool stage_is_done() const;

    const IscsiConfig& config_;
    net::Random& random_;
    LoginStage stage_ = LoginStage::Security;
    LoginStage asked_stage_ = LoginStage::Security;  // NSG of the last request with the T bit
    Chap chap_ = Chap::NotNegotiated;
    ChapUsed chap_used_ = ChapUsed::None;
    bool asked_transit_ = false;
    bool target_continues_ = false;
    std::uint16_t status_ = 0;
    std::uint8_t rounds_ = 0;
    SessionParameters parameters_;

    TextKeyWriter out_;           // what we say; sent_ of it is on its way
    std::size_t sent_ = 0;
    util::String in_;             // what the target said, C bit pieces joined
    util::Text<300> redirect_;

    // CHAP as the target says it, until its keys are complete.
    struct Challenge {
        bool algorithm = false, identifier = false;
        std::uint8_t id = 0;
        util::Vector<std::byte> bytes;
    } challenge_;
    struct Proof {
        bool name = false, response = false;
    } proof_;
    ChapResponse expected_proof_{};
};

// Status class and detail in words, and the failure it is.
const util::Failure& login_failure(std::uint16_t status);
const char* login_status_text(std::uint16_t status);

}  // namespace san
