window.YTD.account.part0 = [
  {
    "account" : {
      "email" : "ada@mail.example",
      "createdVia" : "web",
      "username" : "ada_invented",
      "accountId" : "3000000001",
      "createdAt" : "2015-03-01T08:00:00.000Z",
      "accountDisplayName" : "Ada Invented"
    }
  }
]
