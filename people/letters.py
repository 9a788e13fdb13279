"""The words of letters, by language and kind: subject and sentence."""

HELLO = {
    "en": "Hello {name},",
    "fr": "Bonjour {name},",
    "es": "Hola {name}:",
    "de": "Hallo {name},",
    "nl": "Hallo {name},",
    "pt": "Olá {name},",
    "ja": "{name} 様",
    "zh": "{name}，您好：",
}
WHEN = {
    "en": "Date: {time}. IP address: {ip}. If this was not you, tell your studio manager.",
    "fr": "Date : {time}. Adresse IP : {ip}. Si ce n'était pas vous, prévenez votre responsable de studio.",
    "es": "Fecha: {time}. Dirección IP: {ip}. Si no ha sido usted, avise al responsable del estudio.",
    "de": "Datum: {time}. IP-Adresse: {ip}. Wenn Sie das nicht waren, sagen Sie es der Studioleitung.",
    "nl": "Datum: {time}. IP-adres: {ip}. Was u dit niet? Meld het aan uw studiomanager.",
    "pt": "Data: {time}. Endereço IP: {ip}. Se não foi você, avise o responsável do estúdio.",
    "ja": "日時: {time}。IPアドレス: {ip}。お心当たりがない場合は、スタジオ管理者にご連絡ください。",
    "zh": "时间：{time}。IP 地址：{ip}。如果不是您本人操作，请告知工作室管理员。",
}
LETTERS = {
    "en": {
        "email-code": (
            "{studio} - Kitsu: your verification code",
            "Your verification code is {code}. It is valid for five minutes.",
        ),
        "password-changed": ("{studio} - Kitsu: password changed", "You have changed your password."),
        "password-changed-by-admin": ("{studio} - Kitsu: password changed", "A studio manager has changed your password."),
        "password-reset": (
            "{studio} - Kitsu: password recovery",
            "A new password was asked for. Choose it under this address within two hours:",
        ),
        "invitation": (
            "You are invited by {studio} to join their Kitsu platform",
            "Your login is {email}. Choose your password under this address within seven days:",
        ),
        "registration": ("{studio} - Kitsu: confirm your registration", "Open your account with this address within two days:"),
        "two-factor-disabled": (
            "{studio} - Kitsu: two factor authentication disabled",
            "A studio manager has disabled your two-factor authentication.",
        ),
    },
    "fr": {
        "email-code": (
            "{studio} - Kitsu : votre code de vérification",
            "Votre code de vérification est {code}. Il est valable cinq minutes.",
        ),
        "password-changed": ("{studio} - Kitsu : mot de passe modifié", "Vous avez modifié votre mot de passe."),
        "password-changed-by-admin": (
            "{studio} - Kitsu : mot de passe modifié",
            "Un responsable de studio a modifié votre mot de passe.",
        ),
        "password-reset": (
            "{studio} - Kitsu : récupération du mot de passe",
            "Un nouveau mot de passe a été demandé. Choisissez-le à cette adresse dans les deux heures :",
        ),
        "invitation": (
            "{studio} vous invite à rejoindre sa plateforme Kitsu",
            "Votre identifiant est {email}. Choisissez votre mot de passe à cette adresse dans les sept jours :",
        ),
        "registration": (
            "{studio} - Kitsu : confirmez votre inscription",
            "Ouvrez votre compte avec cette adresse dans les deux jours :",
        ),
        "two-factor-disabled": (
            "{studio} - Kitsu : double authentification désactivée",
            "Un responsable de studio a désactivé votre double authentification.",
        ),
    },
    "es": {
        "email-code": (
            "{studio} - Kitsu: su código de verificación",
            "Su código de verificación es {code}. Es válido durante cinco minutos.",
        ),
        "password-changed": ("{studio} - Kitsu: contraseña cambiada", "Ha cambiado su contraseña."),
        "password-changed-by-admin": (
            "{studio} - Kitsu: contraseña cambiada",
            "Un responsable del estudio ha cambiado su contraseña.",
        ),
        "password-reset": (
            "{studio} - Kitsu: recuperación de contraseña",
            "Se ha pedido una contraseña nueva. Elíjala en esta dirección antes de dos horas:",
        ),
        "invitation": (
            "{studio} le invita a unirse a su plataforma Kitsu",
            "Su usuario es {email}. Elija su contraseña en esta dirección antes de siete días:",
        ),
        "registration": ("{studio} - Kitsu: confirme su registro", "Abra su cuenta con esta dirección antes de dos días:"),
        "two-factor-disabled": (
            "{studio} - Kitsu: verificación en dos pasos desactivada",
            "Un responsable del estudio ha desactivado su verificación en dos pasos.",
        ),
    },
    "de": {
        "email-code": ("{studio} - Kitsu: Ihr Bestätigungscode", "Ihr Bestätigungscode ist {code}. Er gilt fünf Minuten."),
        "password-changed": ("{studio} - Kitsu: Passwort geändert", "Sie haben Ihr Passwort geändert."),
        "password-changed-by-admin": ("{studio} - Kitsu: Passwort geändert", "Die Studioleitung hat Ihr Passwort geändert."),
        "password-reset": (
            "{studio} - Kitsu: Passwort zurücksetzen",
            "Ein neues Passwort wurde angefordert. Wählen Sie es innerhalb von zwei Stunden unter dieser Adresse:",
        ),
        "invitation": (
            "{studio} lädt Sie auf die Kitsu-Plattform ein",
            "Ihr Benutzername ist {email}. Wählen Sie Ihr Passwort innerhalb von sieben Tagen unter dieser Adresse:",
        ),
        "registration": (
            "{studio} - Kitsu: Anmeldung bestätigen",
            "Öffnen Sie Ihr Konto innerhalb von zwei Tagen mit dieser Adresse:",
        ),
        "two-factor-disabled": (
            "{studio} - Kitsu: Zwei-Faktor-Anmeldung ausgeschaltet",
            "Die Studioleitung hat Ihre Zwei-Faktor-Anmeldung ausgeschaltet.",
        ),
    },
    "nl": {
        "email-code": ("{studio} - Kitsu: uw verificatiecode", "Uw verificatiecode is {code}. De code is vijf minuten geldig."),
        "password-changed": ("{studio} - Kitsu: wachtwoord gewijzigd", "U hebt uw wachtwoord gewijzigd."),
        "password-changed-by-admin": ("{studio} - Kitsu: wachtwoord gewijzigd", "Een studiomanager heeft uw wachtwoord gewijzigd."),
        "password-reset": (
            "{studio} - Kitsu: wachtwoordherstel",
            "Er is een nieuw wachtwoord aangevraagd. Kies het binnen twee uur op dit adres:",
        ),
        "invitation": (
            "{studio} nodigt u uit voor het Kitsu-platform",
            "Uw gebruikersnaam is {email}. Kies uw wachtwoord binnen zeven dagen op dit adres:",
        ),
        "registration": ("{studio} - Kitsu: bevestig uw registratie", "Open uw account binnen twee dagen met dit adres:"),
        "two-factor-disabled": (
            "{studio} - Kitsu: tweestapsverificatie uitgeschakeld",
            "Een studiomanager heeft uw tweestapsverificatie uitgeschakeld.",
        ),
    },
    "pt": {
        "email-code": (
            "{studio} - Kitsu: seu código de verificação",
            "Seu código de verificação é {code}. Ele vale por cinco minutos.",
        ),
        "password-changed": ("{studio} - Kitsu: senha alterada", "Você alterou sua senha."),
        "password-changed-by-admin": ("{studio} - Kitsu: senha alterada", "Um responsável do estúdio alterou sua senha."),
        "password-reset": (
            "{studio} - Kitsu: recuperação de senha",
            "Uma nova senha foi solicitada. Escolha-a neste endereço em até duas horas:",
        ),
        "invitation": (
            "{studio} convida você para a plataforma Kitsu",
            "Seu usuário é {email}. Escolha sua senha neste endereço em até sete dias:",
        ),
        "registration": ("{studio} - Kitsu: confirme seu registro", "Abra sua conta com este endereço em até dois dias:"),
        "two-factor-disabled": (
            "{studio} - Kitsu: autenticação de dois fatores desativada",
            "Um responsável do estúdio desativou sua autenticação de dois fatores.",
        ),
    },
    "ja": {
        "email-code": ("{studio} - Kitsu: 確認コード", "確認コードは {code} です。5分間有効です。"),
        "password-changed": ("{studio} - Kitsu: パスワードが変更されました", "パスワードを変更しました。"),
        "password-changed-by-admin": (
            "{studio} - Kitsu: パスワードが変更されました",
            "スタジオ管理者があなたのパスワードを変更しました。",
        ),
        "password-reset": (
            "{studio} - Kitsu: パスワードの再設定",
            "新しいパスワードの依頼を受け付けました。2時間以内に次のアドレスで設定してください。",
        ),
        "invitation": (
            "{studio} の Kitsu へのご招待",
            "ログイン名は {email} です。7日以内に次のアドレスでパスワードを設定してください。",
        ),
        "registration": ("{studio} - Kitsu: 登録の確認", "2日以内に次のアドレスを開いてアカウントを有効にしてください。"),
        "two-factor-disabled": ("{studio} - Kitsu: 二要素認証が無効になりました", "スタジオ管理者が二要素認証を無効にしました。"),
    },
    "zh": {
        "email-code": ("{studio} - Kitsu：您的验证码", "您的验证码是 {code}，五分钟内有效。"),
        "password-changed": ("{studio} - Kitsu：密码已更改", "您已更改密码。"),
        "password-changed-by-admin": ("{studio} - Kitsu：密码已更改", "工作室管理员已更改您的密码。"),
        "password-reset": ("{studio} - Kitsu：找回密码", "有人申请了新密码。请在两小时内通过以下地址设置："),
        "invitation": ("{studio} 邀请您加入其 Kitsu 平台", "您的登录名是 {email}。请在七天内通过以下地址设置密码："),
        "registration": ("{studio} - Kitsu：确认注册", "请在两天内通过以下地址启用您的账户："),
        "two-factor-disabled": ("{studio} - Kitsu：双重验证已停用", "工作室管理员已停用您的双重验证。"),
    },
}
