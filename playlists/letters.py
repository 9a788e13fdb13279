"""The words of the mails that leave this room, by language and kind: subject and sentence. `{playlist}` may become a link."""

LETTERS = {
    "en": {
        "invitation": (
            "{studio}: review of {playlist}",
            "{author} invites you to review the playlist {playlist} of {project}.",
        ),
        "download": ("{studio} - Kitsu: playlist download", "The movie of the playlist {playlist} of {project} can be downloaded."),
    },
    "fr": {
        "invitation": (
            "{studio} : review de {playlist}",
            "{author} vous invite à la review de la playlist {playlist} de {project}.",
        ),
        "download": (
            "{studio} - Kitsu : téléchargement de playlist",
            "Le film de la playlist {playlist} de {project} peut être téléchargé.",
        ),
    },
    "es": {
        "invitation": (
            "{studio}: revisión de {playlist}",
            "{author} le invita a revisar la playlist {playlist} de {project}.",
        ),
        "download": (
            "{studio} - Kitsu: descarga de playlist",
            "La película de la playlist {playlist} de {project} se puede descargar.",
        ),
    },
    "de": {
        "invitation": (
            "{studio}: Abnahme von {playlist}",
            "{author} lädt Sie ein, die Playlist {playlist} von {project} abzunehmen.",
        ),
        "download": (
            "{studio} - Kitsu: Download einer Playlist",
            "Der Film der Playlist {playlist} von {project} kann heruntergeladen werden.",
        ),
    },
    "nl": {
        "invitation": (
            "{studio}: beoordeling van {playlist}",
            "{author} nodigt u uit om de afspeellijst {playlist} van {project} te beoordelen.",
        ),
        "download": (
            "{studio} - Kitsu: afspeellijst downloaden",
            "De film van de afspeellijst {playlist} van {project} kan worden gedownload.",
        ),
    },
    "pt": {
        "invitation": (
            "{studio}: revisão de {playlist}",
            "{author} convida você a revisar a playlist {playlist} de {project}.",
        ),
        "download": (
            "{studio} - Kitsu: download da playlist",
            "O filme da playlist {playlist} de {project} pode ser baixado.",
        ),
    },
    "ja": {
        "invitation": (
            "{studio}: {playlist} のレビュー",
            "{author} さんが {project} のプレイリスト {playlist} のレビューに招待しています。",
        ),
        "download": (
            "{studio} - Kitsu: プレイリストのダウンロード",
            "{project} のプレイリスト {playlist} の動画をダウンロードできます。",
        ),
    },
    "zh": {
        "invitation": ("{studio}：审阅 {playlist}", "{author} 邀请您审阅 {project} 的播放列表 {playlist}。"),
        "download": ("{studio} - Kitsu：播放列表下载", "{project} 的播放列表 {playlist} 的影片可以下载了。"),
    },
}
